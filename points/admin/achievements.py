"""Achievements are made and published by admins; moderators give and revoke them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.audit import record
from community.lib.adminpages import BULK_LIMIT, ReadOnlyAdmin, bulk_action
from community.lib.refusals import REFUSALS, error_message
from points import triggers
from points.actions.achievements import (
    look_again,
    publish_achievement,
    save_achievement,
    unpublish_achievement,
)
from points.actions.awards import require_awarder, revoke_award
from points.actions.bulk_awards import award_by_addresses
from points.models import Achievement, AchievementGroup, Award, AwardRun
from points.queries.achievements import how_to_earn
from profiles.http import HttpRequest
from profiles.models import Profile


@admin.register(AchievementGroup)
class AchievementGroupAdmin(admin.ModelAdmin):
    list_display = ["name", "position"]
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: AchievementGroup, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        viewer = request.viewer
        verb = "changed" if change else "made"
        record(
            f"achievementgroup.{verb}",
            actor_id=viewer.pk,
            target=f"achievementgroup:{obj.pk}",
            title=obj.name,
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One with achievements stays; an empty one may go."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.achievements.exists())


class AchievementForm(forms.ModelForm):
    trigger = forms.ChoiceField(label=gettext_lazy("Earned by"), choices=triggers.choices)

    class Meta:
        model = Achievement
        fields = [
            "title",
            "slug",
            "description",
            "icon",
            "points",
            "group",
            "level",
            "trigger",
            "threshold",
            "is_secret",
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}


def _act(name: str, label: Any, act: Any, done: Any) -> Any:
    @admin.action(description=label, permissions=["change"])
    def action(self: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> None:
        for row in rows[:BULK_LIMIT]:
            try:
                act(request.viewer, row)
                self.message_user(request, done % {"title": row.title})
            except REFUSALS as refusal:
                self.message_user(request, f"{row.title}: {error_message(refusal)}", messages.ERROR)

    action.__name__ = name
    return action


class AwardManyForm(forms.Form):
    people = forms.CharField(
        label=gettext_lazy("People"), widget=forms.Textarea(attrs={"rows": 12, "cols": 60}),
        help_text=gettext_lazy("E-mail addresses or @handles, one a line; at most 500."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"size": 80}),
    )


@admin.register(Achievement)
class AchievementAdmin(admin.ModelAdmin):
    form = AchievementForm
    list_display = ["title", "give", "group", "level", "how", "points", "is_published", "holders"]
    list_select_related = ["group"]
    list_filter = ["group", ("published_at", admin.EmptyFieldListFilter), "is_secret"]
    search_fields = ["title", "slug"]
    ordering = ["group__position", "group__name", "level"]
    sortable_by = ()
    actions = [
        _act("publish", gettext_lazy("Publish, and award to those who qualify"), publish_achievement,
             gettext_lazy("“%(title)s” is published. “Award runs” shows how far it is.")),
        _act("unpublish", gettext_lazy("Make a draft again"), unpublish_achievement,
             gettext_lazy("“%(title)s” is a draft again.")),
        _act("look_again", gettext_lazy("Look again for those who qualify"), look_again,
             gettext_lazy("Looking for those who qualify for “%(title)s”.")),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        held = Count("awards", filter=Q(awards__revoked_at=None))
        return super().get_queryset(request).annotate(holder_count=held)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["title"]}

    def save_model(self, request: HttpRequest, obj: Achievement, form: Any, change: bool) -> None:
        save_achievement(request.viewer, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A draft nobody ever had may go; anything else is made a draft again."""
        idle = obj is not None and obj.published_at is None and not obj.awards.exists()
        return super().has_delete_permission(request, obj) and idle

    @admin.display(description=gettext_lazy("earned by"))
    def how(self, achievement: Achievement) -> str:
        return how_to_earn(achievement)

    @admin.display(description=gettext_lazy("published"), boolean=True)
    def is_published(self, achievement: Achievement) -> bool:
        return achievement.published_at is not None

    @admin.display(description=gettext_lazy("held by"))
    def holders(self, achievement: Any) -> int:
        return int(achievement.holder_count)

    @admin.display(description=gettext_lazy("award"))
    def give(self, achievement: Achievement) -> str:
        if achievement.published_at is None:
            return "–"
        address = reverse("admin:points_achievement_award", args=[achievement.pk])
        return format_html('<a href="{}">{}</a>', address, _("Award by hand"))

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/award/", self.admin_site.admin_view(self.award_view), name="points_achievement_award"
        )
        return [own, *super().get_urls()]

    def award_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Award to a pasted list, and show what became of each line."""
        viewer: Profile = request.viewer
        require_awarder(viewer)
        achievement = get_object_or_404(Achievement, pk=pk)
        form = AwardManyForm(request.POST if request.method == "POST" else None)
        lines = None
        if form.is_valid():
            try:
                lines = award_by_addresses(
                    viewer, achievement, form.cleaned_data["people"], reason=form.cleaned_data["reason"]
                )
            except (PermissionDenied, ValidationError) as refusal:
                form.add_error("people", error_message(refusal))
        title = _("Award “%(title)s”") % {"title": achievement.title}
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "lines": lines,
            "opts": self.opts,
        }
        return TemplateResponse(
            request, "points/admin/award.html", context, status=400 if form.errors else 200
        )


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    list_display = ["id", "profile", "achievement", "awarded_at", "awarded_by_id", "revoked_at", "hidden_at"]
    list_select_related = ["profile", "achievement"]
    list_filter = [
        "achievement",
        ("revoked_at", admin.EmptyFieldListFilter),
        ("awarded_by_id", admin.EmptyFieldListFilter),
    ]
    search_fields = ["^profile__handle", "=profile__user__email", "achievement__title"]
    search_help_text = gettext_lazy(
        "Beginning of a handle, whole e-mail address, or words of the achievement’s title"
    )
    fields = [
        "profile", "achievement", "awarded_at", "awarded_by_id", "revoked_at", "revoked_by_id", "hidden_at",
    ]  # fmt: skip
    actions = [bulk_action("revoke", gettext_lazy("Revoke, and take its points back"), revoke_award)]


@admin.register(AwardRun)
class AwardRunAdmin(ReadOnlyAdmin):
    """How far the walk through everybody is; it goes on by itself after a crash."""

    list_display = ["id", "achievement", "started_at", "progress", "awarded", "finished_at"]
    list_select_related = ["achievement"]
    fields = [
        "achievement", "started_by_id", "started_at", "touched_at", "finished_at", "progress", "looked_at", "total", "awarded",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, run: AwardRun) -> str:
        if run.finished_at is not None:
            return _("done")
        shown = min(run.looked_at, run.total)
        return format_html(
            '<progress value="{}" max="{}"></progress> {} / {}', shown, run.total or 1, shown, run.total
        )
