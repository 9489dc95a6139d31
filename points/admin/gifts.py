"""Points that moderators awarded: to whom, by whom and why; and awarding points to several members at once."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.audit.logged import LoggedAdmin
from community.lib.adminpages import FormPages, ReadOnlyAdmin
from points.actions.bulk_gifts import PEOPLE, give_to_many
from points.actions.gifts import clean_wish
from points.actions.pasted import people_in
from points.forms import GiftForm, PeopleField
from points.models import Gift, GiftCategory
from points.queries.gifts import left_today, thanked_lately
from profiles.admin.people import ProfileAdmin
from profiles.http import HttpRequest
from profiles.models import Profile


@admin.register(GiftCategory)
class GiftCategoryAdmin(LoggedAdmin):
    """What points are awarded for. A category in use stays, but need not be offered any more."""

    slug_from = "name"
    list_display = ["name", "slug", "position", "is_offered"]
    search_fields = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        used = obj is None or Gift.objects.filter(category=obj).exists()
        return super().has_delete_permission(request, obj) and not used


class GiveForm(GiftForm):
    """The form for members who are named by e-mail address or handle."""

    button = gettext_lazy("Continue")
    people = PeopleField(PEOPLE)
    field_order = ["people", "points", "other", "category", "reason"]


@admin.register(Gift)
class GiftAdmin(ReadOnlyAdmin, FormPages):
    list_display = ["id", "created_at", "giver", "receiver", "points", "category", "why"]
    list_select_related = ["giver", "receiver", "category", "transaction__detail"]
    list_filter = ["category"]
    search_fields = ["^giver__handle", "^receiver__handle", "=receiver__user__email"]
    search_help_text = gettext_lazy("Start of either handle, or the receiver’s full e-mail address")
    fields = ["giver", "receiver", "points", "category", "why", "created_at", "transaction"]

    @admin.display(description=gettext_lazy("reason"))
    def why(self, gift: Gift) -> str:
        detail = getattr(gift.transaction, "detail", None)
        return detail.reason if detail else ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask for members, points and reason; show who the members are; then award to each."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        viewer: Profile = request.viewer

        def show(form: forms.Form, **context: Any) -> HttpResponse:
            left = _("You have %(left)d of %(limit)d points left to award today.")
            context = {"template": "points/admin/people.html", "run": run, **context}
            context["intro"] = left % {"left": left_today(viewer), "limit": settings.GIFT_POINTS_PER_DAY}
            return self.form_page(request, _("Award points"), form, **context)

        def run(form: GiveForm) -> HttpResponse:
            given = form.cleaned_data
            if "confirm" not in request.POST:
                return show(
                    forms.Form(), template="points/admin/give_confirm.html", **_confirmation(viewer, form)
                )
            lines = give_to_many(viewer, given["people"], wish=form.wish(), key=given["key"])
            return show(_fresh_form(), lines=lines)

        return show(
            GiveForm(request.POST) if request.method == "POST" else _fresh_form(request.GET.get("people", ""))
        )


def _fresh_form(people: str = "") -> GiveForm:
    return GiveForm(initial={"key": secrets.token_urlsafe(12), "points": 25, "people": people})


def _confirmation(viewer: Profile, form: GiveForm) -> dict[str, Any]:
    """Return whom the lines mean, each with what they were awarded lately.

    Raises ValidationError by field.
    """
    given, wish = form.cleaned_data, clean_wish(form.wish())
    people = people_in(given["people"], limit=PEOPLE)
    lately = thanked_lately([one.profile.pk for one in people if one.profile is not None])
    chosen = [(one, lately.get(one.profile.pk) if one.profile is not None else None) for one in people]
    total = wish.points * sum(one.profile not in (None, viewer) for one in people)
    hidden = {"confirm": "yes", "key": given["key"], "people": given["people"], "other": wish.points}
    hidden |= {"category": wish.category.slug if wish.category else "", "reason": wish.reason}
    return {"wish": wish, "total": total, "giver": viewer, "chosen": chosen, "hidden": list(hidden.items())}


@admin.action(description=gettext_lazy("Award points"), permissions=["view"])
def give_points_to(page: ProfileAdmin, request: Any, rows: QuerySet[Profile]) -> HttpResponse:
    """Open the form to award points, with the selected members in it."""
    handles = rows.values_list("handle", flat=True)[:PEOPLE]
    people = "\n".join(f"@{handle}" for handle in handles)
    return HttpResponseRedirect(f"{reverse('admin:points_gift_add')}?{urlencode({'people': people})}")


ProfileAdmin.actions = [*(ProfileAdmin.actions or ()), give_points_to]
