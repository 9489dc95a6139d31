"""Teams in admin. Every change goes through the actions, so that roles follow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community import pagecache
from community.audit import record
from community.lib.adminpages import FormPages
from community.lib.refusals import try_action
from profiles.actions.avatars import set_crest
from profiles.actions.invitations import invite_teammate
from profiles.actions.teams import change_membership, delete_team, join_team, leave_team
from profiles.admin.invitations import InvitationForm
from profiles.http import HttpRequest
from profiles.models import Team, TeamMembership
from profiles.permissions import require_moderator


class MembershipInline(admin.TabularInline):
    model = TeamMembership
    extra = 0
    autocomplete_fields = ["profile"]
    fields = ["profile", "title", "is_lead", "started_on"]


class TeamForm(ModelForm):
    file = forms.FileField(
        label=gettext_lazy("Crest"),
        required=False,
        help_text=gettext_lazy("We crop the picture to its centre."),
    )

    class Meta:
        model = Team
        fields = ["name", "slug", "tagline"]


@admin.register(Team)
class TeamAdmin(FormPages):
    form = TeamForm
    row_pages = ("invite",)
    fields = ["name", "slug", "tagline", "crest_now", "file"]
    readonly_fields = ["crest_now"]
    list_display = ["name", "slug", "tagline", "people", "page", "invite"]
    search_fields = ["name"]
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(people_count=Count("memberships"))

    def invite_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Invite a teammate, whose profile is prepared here."""
        require_moderator(request.viewer)
        team = get_object_or_404(Team, pk=pk)
        form = InvitationForm(request.POST or None, request.FILES or None)
        intro = _(
            "We e-mail each person a link to choose a password. Team members become moderators immediately."
        )
        title = _("Invite to %(team)s") % {"team": team.name}
        return self.form_page(
            request, title, form, run=lambda form: _invite(request, team, form), intro=intro
        )

    @admin.display(description=gettext_lazy("invite"))
    def invite(self, team: Team) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:profiles_team_invite", args=[team.pk]), _("Invite teammate")
        )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    @admin.display(description=gettext_lazy("people"))
    def people(self, team: Any) -> int:
        return int(team.people_count)

    @admin.display(description=gettext_lazy("page"))
    def page(self, team: Team) -> str:
        return format_html('<a href="{}">{}</a>', team.get_absolute_url(), _("Open"))

    @admin.display(description=gettext_lazy("crest"))
    def crest_now(self, team: Team) -> str:
        return (
            format_html('<img src="{}" alt="" width="96" height="96">', team.crest_url)
            if team.crest_url
            else _("None")
        )

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("file"):
            try_action(request, "", set_crest, request.viewer, obj, form.cleaned_data["file"])
        if form.changed_data or not change:
            actor_id = request.viewer.pk if request.viewer else None
            action, fields = "team.changed" if change else "team.made", {"fields": form.changed_data}
            record(action, actor_id=actor_id, target=f"team:{obj.pk}", after=fields, title=obj.name)
        pagecache.bump(pagecache.SITE)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool) -> None:
        """Save the memberships by actions, so that roles follow."""
        formset.save(commit=False)
        for deleted in formset.deleted_objects:
            try_action(request, "", leave_team, request.viewer, deleted)
        for added in formset.new_objects:
            self._join(request, form.instance, added)
        for row, names in formset.changed_objects:
            stored = TeamMembership.objects.select_related("team").get(pk=row.pk)
            if "profile" in names:  # another member in the same row
                try_action(request, "", leave_team, request.viewer, stored)
                self._join(request, form.instance, row)
            else:
                try_action(request, "", change_membership, request.viewer, stored, **_details(row))

    def _join(self, request: HttpRequest, team: Team, row: TeamMembership) -> None:
        try_action(request, "", join_team, request.viewer, team, row.profile, **_details(row))

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        delete_team(request.viewer, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for team in queryset:
            self.delete_model(request, team)


def _details(row: TeamMembership) -> dict[str, Any]:
    return {"title": row.title, "is_lead": row.is_lead, "started_on": row.started_on}


def _invite(request: HttpRequest, team: Team, form: InvitationForm) -> str:
    invite_teammate(request.viewer, team, **form.cleaned_data)
    return _("Invitation sent to %(name)s.") % {"name": form.cleaned_data["first_name"]}
