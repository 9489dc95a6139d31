"""Champions: cohorts, who is nominated for them and why, and what they said."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.utils.translation import gettext_lazy, ngettext

from community.lib.adminpages import BULK_LIMIT, ReadOnlyAdmin
from community.lib.refusals import REFUSALS, error_message
from profiles.actions import champions
from profiles.http import HttpRequest
from profiles.models import Cohort, Nomination, Profile


@admin.register(Cohort)
class CohortAdmin(admin.ModelAdmin):
    fields = ["name"]
    list_display = ["name", "nominated", "accepted", "created_at"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        said_yes = Count("nominations", filter=Q(nominations__accepted_at__isnull=False))
        return (
            super()
            .get_queryset(request)
            .annotate(nominated_count=Count("nominations"), accepted_count=said_yes)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only an empty cohort goes: its champions have it in their badge."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.nominated_count)

    @admin.display(description=gettext_lazy("nominated"))
    def nominated(self, cohort: Any) -> int:
        return int(cohort.nominated_count)

    @admin.display(description=gettext_lazy("accepted"))
    def accepted(self, cohort: Any) -> int:
        return int(cohort.accepted_count)


class NominationForm(ModelForm):
    class Meta:
        model = Nomination
        fields = ["cohort", "profile", "why"]

    def clean_profile(self) -> Profile:
        """Say beside the field what the action would refuse."""
        profile: Profile = self.cleaned_data["profile"]
        if refusal := champions.why_not(profile):
            raise ValidationError(refusal)
        return profile


@admin.register(Nomination)
class NominationAdmin(ReadOnlyAdmin):
    """Whoever nominates says why; an admin invites those chosen, and they answer on a page of their own."""

    list_display = ["profile", "cohort", "nominated_by", "why", "invited_at", "accepted_at", "declined_at"]
    list_select_related = ["profile", "cohort", "nominated_by"]
    list_filter = [
        "cohort",
        ("accepted_at", admin.EmptyFieldListFilter),
        ("invited_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["profile__name", "profile__handle"]
    autocomplete_fields = ["cohort", "profile"]
    fields = ["cohort", "profile", "why"]
    actions = ["invite", "end"]
    form = NominationForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: Nomination, form: Any, change: bool) -> None:
        """Let the action make the row."""
        obj.pk = champions.nominate(request.viewer, obj.cohort, obj.profile, why=obj.why).pk

    @admin.action(description=gettext_lazy("Invite to become champions"), permissions=["change"])
    def invite(self, request: HttpRequest, rows: QuerySet) -> None:
        self._each(request, rows, champions.invite)

    @admin.action(description=gettext_lazy("End champion role"), permissions=["change"])
    def end(self, request: HttpRequest, rows: QuerySet) -> None:
        self._each(request, rows, champions.end)

    def _each(self, request: HttpRequest, rows: QuerySet, act: Any) -> None:
        done = 0
        for row in rows.select_related("profile")[:BULK_LIMIT]:
            try:
                done += act(request.viewer, row) is not False
            except REFUSALS as refusal:
                self.message_user(request, f"{row.profile}: {error_message(refusal)}", messages.ERROR)
        self.message_user(request, ngettext("%(count)d done.", "%(count)d done.", done) % {"count": done})
