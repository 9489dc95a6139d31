"""Awarding points from the header of a profile: the form, its confirmation, and the award."""

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
from community.lib.refusals import add_errors
from points.actions.gifts import clean_wish, give_points, require_possible
from points.forms import GiftForm
from points.permissions import require_giver
from points.queries.gifts import left_today, thanked_lately
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.views.guards import signed_in


def gift_button(request: HttpRequest, profile: Profile) -> dict[str, object]:
    """Return the context of the form in the header."""
    form = GiftForm(initial={"key": secrets.token_urlsafe(12), "points": 25})
    return _context(request.viewer, profile, form)


@require_POST
@signed_in
def gift_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to confirm, then award: the confirmed form has `confirm`."""
    viewer: Profile = request.viewer
    require_giver(viewer)
    profile = get_object_or_404(Profile.objects.visible_to(viewer), pk=pk)
    form = GiftForm(request.POST)
    if form.is_valid():
        try:
            if "confirm" not in request.POST:
                require_possible(viewer, profile, clean_wish(form.wish()).points)
                return _answer(request, profile, form, template="points/fragments/gift_confirm.html")
            gift = give_points(viewer, profile, wish=form.wish(), key=form.cleaned_data["key"])
        except (ValidationError, Conflict) as refusal:
            add_errors(form, refusal)
        else:
            said = ngettext(
                "%(count)d point awarded to %(name)s.", "%(count)d points awarded to %(name)s.", gift.points
            )
            messages.success(request, said % {"name": profile.name, "count": gift.points})
            return redirect(profile)
    return _answer(request, profile, form, template="points/fragments/gift_form.html")


def _answer(request: HttpRequest, profile: Profile, form: GiftForm, *, template: str) -> HttpResponse:
    """Show the form or its confirmation in place, or on a page of its own."""
    context = {"part": _context(request.viewer, profile, form), "profile": profile}
    if is_htmx(request):
        return render(request, template, context)
    title = _("Award points to %(name)s") % {"name": profile.name}
    context |= {"area": "people", "fragment": template, "title": title}
    return render(request, "points/gift.html", context, status=400 if form.errors else 200)


def _context(viewer: Profile, profile: Profile, form: GiftForm) -> dict[str, object]:
    left, limit = left_today(viewer), settings.GIFT_POINTS_PER_DAY
    context: dict[str, object] = {"form": form, "profile": profile, "left": left, "limit": limit}
    if form.is_valid():
        wish, thanked = form.wish(), thanked_lately([profile.pk]).get(profile.pk)
        context |= {"wish": wish, "left_after": left - wish.points, "thanked": thanked}
    return context
