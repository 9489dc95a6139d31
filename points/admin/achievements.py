"""Admins create and publish achievements; moderators award and revoke them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.audit.logged import LoggedAdmin
from community.lib.adminpages import FixedFields, FormPages, ReadOnlyAdmin, verb_actions
from points import triggers, verbs
from points.actions.achievements import EDITABLE, save_achievement
from points.actions.bulk_awards import award_to_many
from points.forms import PeopleField
from points.models import Achievement, AchievementGroup, Award, AwardRun
from points.permissions import require_awarder
from points.queries.achievements import how_to_earn
from profiles.http import HttpRequest


@admin.register(AchievementGroup)
class AchievementGroupAdmin(LoggedAdmin):
    fixed, slug_from = (), ""
    list_display = ["name", "position"]
    search_fields = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse for a group that has achievements."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.achievements.exists())


class AchievementForm(forms.ModelForm):
    trigger = forms.ChoiceField(label=gettext_lazy("Earned by"), choices=triggers.choices)

    class Meta:
        model = Achievement
        fields = ["title", "slug", *EDITABLE[1:]]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}


class AwardManyForm(forms.Form):
    button = gettext_lazy("Award achievement")
    people = PeopleField(500)
    reason = forms.CharField(
        label=gettext_lazy("Reason (optional)"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"size": 80}),
    )


@admin.register(Achievement)
class AchievementAdmin(FixedFields, FormPages):
    form = AchievementForm
    list_display = ["title", "award_link", "group", "level", "how", "points", "is_published", "holders"]
    list_select_related = ["group"]
    list_filter = ["group", ("published_at", admin.EmptyFieldListFilter), "is_secret"]
    search_fields = ["title", "slug"]
    ordering = ["group__position", "group__name", "level"]
    sortable_by = ()
    actions = verb_actions(verbs.ACHIEVEMENT)
    row_pages = ("award",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        held = Count("awards", filter=Q(awards__revoked_at=None))
        return super().get_queryset(request).annotate(holder_count=held)

    def save_model(self, request: HttpRequest, obj: Achievement, form: Any, change: bool) -> None:
        save_achievement(request.viewer, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow for drafts that nobody was ever awarded; the others can be unpublished."""
        idle = obj is not None and obj.published_at is None and not obj.awards.exists()
        return super().has_delete_permission(request, obj) and idle

    @admin.display(description=gettext_lazy("earned by"))
    def how(self, achievement: Achievement) -> str:
        return how_to_earn(achievement)

    @admin.display(description=gettext_lazy("published"), boolean=True)
    def is_published(self, achievement: Achievement) -> bool:
        return achievement.published_at is not None

    @admin.display(description=gettext_lazy("earned by members"))
    def holders(self, achievement: Any) -> int:
        return int(achievement.holder_count)

    @admin.display(description=gettext_lazy("award"))
    def award_link(self, achievement: Achievement) -> str:
        if achievement.published_at is None:
            return "–"
        url = reverse("admin:points_achievement_award", args=[achievement.pk])
        return format_html('<a href="{}">{}</a>', url, _("Award by hand"))

    def award_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Award to a pasted list, and show the result of each line."""
        viewer = require_awarder(request.viewer)
        achievement = get_object_or_404(Achievement, pk=pk)
        title = _("Award “%(title)s”") % {"title": achievement.title}

        def show(form: forms.Form, **context: Any) -> HttpResponse:
            return self.form_page(
                request, title, form, run=run, template="points/admin/people.html", **context
            )

        def run(form: forms.Form) -> HttpResponse:
            given = form.cleaned_data
            lines = award_to_many(viewer, achievement, given["people"], reason=given["reason"])
            return show(AwardManyForm(), lines=lines)

        return show(AwardManyForm(request.POST if request.method == "POST" else None))


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
    search_help_text = gettext_lazy("Start of a handle, full e-mail address, or achievement title")
    fields = [
        "profile",
        "achievement",
        "awarded_at",
        "awarded_by_id",
        "revoked_at",
        "revoked_by_id",
        "hidden_at",
    ]
    actions = verb_actions(verbs.AWARD)


@admin.register(AwardRun)
class AwardRunAdmin(ReadOnlyAdmin):
    """The progress of awarding to everybody; a run resumes by itself after a crash."""

    list_display = ["id", "achievement", "started_at", "progress", "awarded", "finished_at"]
    list_select_related = ["achievement"]
    fields = [
        "achievement",
        "started_by_id",
        "started_at",
        "touched_at",
        "finished_at",
        "progress",
        "looked_at",
        "total",
        "awarded",
    ]

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, run: AwardRun) -> str:
        if run.finished_at is not None:
            return _("done")
        shown = min(run.looked_at, run.total)
        return format_html(
            '<progress value="{}" max="{}"></progress> {} / {}', shown, run.total or 1, shown, run.total
        )
