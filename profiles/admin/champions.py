"""Champions in admin: cohorts and nominations."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin, bulk_action
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
        """Only an empty cohort can be deleted: champions show it in their badge."""
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
        """Show the refusal of the action beside the field."""
        profile: Profile = self.cleaned_data["profile"]
        if refusal := champions.why_not(profile):
            raise ValidationError(refusal)
        return profile


@admin.register(Nomination)
class NominationAdmin(ReadOnlyAdmin):
    """Moderators nominate with a reason; admins invite; nominees answer on a page of their own."""

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
    actions = [
        bulk_action("invite", gettext_lazy("Invite to become champions"), champions.invite, None),
        bulk_action("end", gettext_lazy("End champion role"), champions.end, None),
    ]
    form = NominationForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return super().get_readonly_fields(request, obj) if obj else []

    def save_model(self, request: HttpRequest, obj: Nomination, form: Any, change: bool) -> None:
        """Create the row by the action."""
        obj.pk = champions.nominate(request.viewer, obj.cohort, obj.profile, why=obj.why).pk
