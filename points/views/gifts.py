"""Giving points to a person from the header of their profile: the form, the question whether, and the gift."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from community.lib.errors import Conflict
from community.lib.htmx import is_htmx
from points.actions.gifts import clean_wish, give_points, require_possible
from points.forms import GiftForm
from points.permissions import require_giver
from points.queries.gifts import left_today, thanked_lately
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.views.guards import signed_in


def gift_button(request: HttpRequest, profile: Profile) -> dict[str, object]:
    """Return what the header's form shows."""
    form = GiftForm(initial={"key": secrets.token_urlsafe(12), "points": 25})
    return _context(request.viewer, profile, form)


@require_POST
@signed_in
def gift_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether, then give: the second press carries `confirm`."""
    viewer: Profile = request.viewer
    require_giver(viewer)
    profile = get_object_or_404(Profile.objects.visible_to(viewer), pk=pk)
    form = GiftForm(request.POST)
    asks = "confirm" not in request.POST
    if form.is_valid():
        try:
            if asks:
                require_possible(viewer, profile, clean_wish(form.wish()).points)
                return _answer(request, profile, form, template="points/fragments/gift_confirm.html")
            gift = give_points(viewer, profile, wish=form.wish(), key=form.cleaned_data["key"])
        except ValidationError as error:
            form.take(error)
        except Conflict as refusal:
            form.add_error(None, refusal.sentence)
        else:
            said = ngettext("%(name)s got %(count)d point.", "%(name)s got %(count)d points.", gift.points)
            messages.success(request, said % {"name": profile.name, "count": gift.points})
            return redirect(profile)
    return _answer(request, profile, form, template="points/fragments/gift_form.html")


def _answer(request: HttpRequest, profile: Profile, form: GiftForm, *, template: str) -> HttpResponse:
    """Show the form or the question in its place, or on a page of its own."""
    context = {"part": _context(request.viewer, profile, form), "profile": profile}
    if is_htmx(request):
        return render(request, template, context)
    refused = bool(form.errors)
    context |= {
        "area": "people",
        "fragment": template,
        "title": _("A gift for %(name)s") % {"name": profile.name},
    }
    return render(request, "points/gift.html", context, status=400 if refused else 200)


def _context(viewer: Profile, profile: Profile, form: GiftForm) -> dict[str, object]:
    left = left_today(viewer)
    context: dict[str, object] = {
        "form": form,
        "profile": profile,
        "left": left,
        "limit": settings.GIFT_POINTS_PER_DAY,
    }
    if form.is_bound and form.is_valid():
        wish = form.wish()
        context |= {
            "wish": wish,
            "left_after": left - wish.points,
            "thanked": thanked_lately([profile.pk]).get(profile.pk),
        }
    return context
