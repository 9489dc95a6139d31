"""Teams: an admin makes them and says who is on them. Every change goes through the actions, so that roles follow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community import pagecache
from community.audit import record
from community.lib.refusals import REFUSALS, error_message
from profiles.actions.avatars import set_crest
from profiles.actions.teams import change_membership, delete_team, join_team, leave_team
from profiles.admin.invitations import invite_page
from profiles.http import HttpRequest
from profiles.models import Team, TeamMembership


class MembershipInline(admin.TabularInline):
    model = TeamMembership
    extra = 0
    autocomplete_fields = ["profile"]
    fields = ["profile", "title", "is_lead", "started_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return []


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
class TeamAdmin(admin.ModelAdmin):
    form = TeamForm
    fields = ["name", "slug", "tagline", "crest_now", "file"]
    readonly_fields = ["crest_now"]
    list_display = ["name", "slug", "tagline", "people", "page", "invite"]
    search_fields = ["name"]
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(people_count=Count("memberships"))

    def get_urls(self) -> list[Any]:
        invite = self.admin_site.admin_view(lambda request, pk: invite_page(request, self.admin_site, pk))
        return [path("<int:pk>/invite/", invite, name="profiles_team_invite"), *super().get_urls()]

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
        viewer = request.viewer
        if form.cleaned_data.get("file"):
            try:
                set_crest(viewer, obj, form.cleaned_data["file"])
            except REFUSALS as refusal:
                self.message_user(request, error_message(refusal), messages.ERROR)
        if form.changed_data or not change:
            action, fields = "team.changed" if change else "team.made", {"fields": form.changed_data}
            record(
                action,
                actor_id=viewer.pk if viewer else None,
                target=f"team:{obj.pk}",
                after=fields,
                title=obj.name,
            )
        pagecache.bump(pagecache.SITE)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool) -> None:
        """Turn rows of the page into the actions they mean."""
        formset.save(commit=False)
        viewer, team = request.viewer, form.instance
        for gone in formset.deleted_objects:
            self._try(request, leave_team, viewer, gone)
        for new in formset.new_objects:
            details = {"title": new.title, "is_lead": new.is_lead, "started_on": new.started_on}
            self._try(request, join_team, viewer, team, new.profile, **details)
        for row, names in formset.changed_objects:
            if "profile" in names:  # somebody else in the same row
                before = TeamMembership.objects.get(pk=row.pk)
                self._try(request, leave_team, viewer, before)
                self._try(
                    request,
                    join_team,
                    viewer,
                    team,
                    row.profile,
                    title=row.title,
                    is_lead=row.is_lead,
                    started_on=row.started_on,
                )
            else:
                self._change(request, row)

    def _change(self, request: HttpRequest, row: TeamMembership) -> None:
        stored = TeamMembership.objects.select_related("team").get(pk=row.pk)
        wanted = {"title": row.title, "started_on": row.started_on, "is_lead": row.is_lead}
        self._try(request, change_membership, request.viewer, stored, **wanted)

    def _try(self, request: HttpRequest, act: Any, *args: Any, **given: Any) -> None:
        try:
            act(*args, **given)
        except REFUSALS as refusal:
            self.message_user(request, error_message(refusal), messages.ERROR)

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        delete_team(request.viewer, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for team in queryset:
            self.delete_model(request, team)
