"""Gifts in Django admin: what was given, by whom, why; and giving to one or to many at once."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from community.audit import record
from community.lib.adminpages import ReadOnlyAdmin
from community.lib.refusals import REFUSALS, error_message
from points.actions.bulk_gifts import PEOPLE, give_to_many
from points.actions.gifts import clean_wish
from points.actions.pasted import people_in
from points.forms import GiftForm
from points.models import Gift, GiftCategory
from points.queries.gifts import left_today, thanked_lately
from profiles.admin.people import ProfileAdmin
from profiles.http import HttpRequest
from profiles.models import Profile


@admin.register(GiftCategory)
class GiftCategoryAdmin(admin.ModelAdmin):
    """Why people are thanked. One that gifts name stays; it can be offered no more."""

    list_display = ["name", "slug", "position", "is_offered"]
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: GiftCategory, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        viewer, verb = request.viewer, "changed" if change else "made"
        after = {"slug": obj.slug, "offered": obj.is_offered}
        record(
            f"giftcategory.{verb}",
            actor_id=viewer.pk,
            target=f"giftcategory:{obj.pk}",
            after=after,
            title=obj.name,
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        used = obj is None or Gift.objects.filter(category=obj).exists()
        return super().has_delete_permission(request, obj) and not used


class GiveForm(GiftForm):
    """The gift's form for people who are named by address or handle."""

    people = forms.CharField(
        label=gettext_lazy("People"), widget=forms.Textarea(attrs={"rows": 6, "cols": 60}),
        help_text=gettext_lazy("E-mail addresses or @handles, one a line; at most 100."),
    )  # fmt: skip
    field_order = ["people", "points", "other", "category", "reason"]


@admin.register(Gift)
class GiftAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "giver", "receiver", "points", "category", "why"]
    list_select_related = ["giver", "receiver", "category", "transaction__detail"]
    list_filter = ["category"]
    search_fields = ["^giver__handle", "^receiver__handle", "=receiver__user__email"]
    search_help_text = gettext_lazy(
        "Beginning of the handle of either, or the whole e-mail address of who was given points"
    )
    fields = ["giver", "receiver", "points", "category", "why", "created_at", "transaction"]

    @admin.display(description=gettext_lazy("reason"))
    def why(self, gift: Gift) -> str:
        words = getattr(gift.transaction, "detail", None)
        return words.reason if words else ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Name people, look at who they are and when they were thanked, then give to each."""
        self._require_add(request)
        viewer: Profile = request.viewer
        if request.method != "POST":
            first = {"key": secrets.token_urlsafe(12), "points": 25, "people": request.GET.get("people", "")}
            return self._page(request, GiveForm(initial=first))
        form = GiveForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        try:
            if "confirm" not in request.POST:
                clean_wish(form.wish())
                return self._page(request, form, chosen=_chosen(form))
            given = form.cleaned_data
            lines = give_to_many(viewer, given["people"], wish=form.wish(), key=given["key"])
        except ValidationError as error:
            form.take(error)
            return self._page(request, form)
        except REFUSALS as refusal:
            form.add_error(None, error_message(refusal))
            return self._page(request, form)
        again = GiveForm(initial={"key": secrets.token_urlsafe(12), "points": 25})
        return self._page(request, again, lines=lines)

    def _require_add(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, form: GiveForm, **more: Any) -> HttpResponse:
        viewer: Profile = request.viewer
        context = {
            **self.admin_site.each_context(request), "title": gettext_lazy("Give points"), "form": form, "opts": self.opts,
            "left": left_today(viewer), "limit": settings.GIFT_POINTS_PER_DAY, "lines": None, "chosen": None, **more,
        }  # fmt: skip
        if more.get("chosen") is not None:
            wish = form.wish()
            others = [one for one, _gift in more["chosen"] if one.profile not in (None, viewer)]
            context |= {"wish": wish, "total": wish.points * len(others), "giver": viewer}
        return TemplateResponse(
            request, "points/admin/give.html", context, status=400 if form.errors else 200
        )


def _chosen(form: GiveForm) -> list[tuple[Any, Gift | None]]:
    """Return whom the lines mean, each with what they were thanked for lately. Raises ValidationError for `people`."""
    try:
        people = people_in(form.cleaned_data["people"], limit=PEOPLE)
    except ValidationError as error:
        raise ValidationError({"people": error.messages}) from error
    lately = thanked_lately([one.profile.pk for one in people if one.profile is not None])
    return [(one, lately.get(one.profile.pk) if one.profile is not None else None) for one in people]


@admin.action(description=gettext_lazy("Give points"), permissions=["view"])
def give_points_to(page: ProfileAdmin, request: Any, rows: QuerySet[Profile]) -> HttpResponse:
    """Lead to the form of gifts, with the chosen people in it."""
    handles = rows.values_list("handle", flat=True)[:PEOPLE]
    people = "\n".join(f"@{handle}" for handle in handles)
    return HttpResponseRedirect(f"{reverse('admin:points_gift_add')}?{urlencode({'people': people})}")


ProfileAdmin.actions = [*(ProfileAdmin.actions or ()), give_points_to]
