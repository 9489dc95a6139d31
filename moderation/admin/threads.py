"""Threads and posts in Django admin: everything goes through the actions, so nobody can skip a rule or the log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin, verb_actions
from forums.models import Post, Revision, Thread
from moderation.verbs import POST, THREAD


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    STATES = {
        "archived": gettext_lazy("Archived"),
        "locked": gettext_lazy("Locked"),
        "pinned": gettext_lazy("Pinned"),
        "hidden": gettext_lazy("Hidden"),
        "deleted": gettext_lazy("Deleted"),
        "held": gettext_lazy("Awaiting approval"),
        "private": gettext_lazy("Private"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("listed", _("Listed")), *((state, str(label)) for state, label in self.STATES.items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        if chosen == "listed":
            return queryset.filter(is_listed=True)
        return queryset.filter(**{f"{chosen}_at__isnull": False}) if chosen in self.STATES else queryset


class SolutionFilter(admin.SimpleListFilter):
    title = gettext_lazy("solution")
    parameter_name = "solution"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unanswered", _("Unanswered")), ("unsolved", _("Unsolved")), ("solved", _("Solved"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return (
            queryset.in_state(self.value())
            if self.value() in {"unanswered", "unsolved", "solved"}
            else queryset
        )


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    list_display = ["subject", "topic", "author", "reply_count", "created_at", "state", "page"]
    list_select_related = ["topic", "author"]
    list_filter = [StateFilter, SolutionFilter, "topic"]
    search_fields = ["subject", "=slug", "author__name"]
    search_help_text = gettext_lazy("Words of the subject, the slug, or the author’s name")
    fields = [
        "subject", "slug", "page", "topic", "tag_names", "author", "docs_page", "created_at", "edited_at", "last_activity_at",
        "state", ("archived_at", "archived_by"), ("locked_at", "locked_by"), ("pinned_at", "pinned_by"),
        ("hidden_at", "hidden_by"), ("deleted_at", "deleted_by"), ("private_at", "private_by"), "held_at",
        ("solved_at", "solved_by"), "solution", "merged_into",
        ("reply_count", "helper_reply_count", "comment_count"), ("vote_count", "me_too_count"),
        ("first_reply_at", "first_team_reply_at"), "posts_link", "log_link",
    ]  # fmt: skip
    actions = verb_actions(THREAD)

    @admin.display(description=gettext_lazy("state"))
    def state(self, thread: Thread) -> str:
        standing = [
            str(label) for state, label in StateFilter.STATES.items() if getattr(thread, f"{state}_at")
        ]
        return ", ".join(standing) or _("Listed")

    @admin.display(description=gettext_lazy("page"))
    def page(self, thread: Thread) -> str:
        return format_html('<a href="{}">{}</a>', thread.get_absolute_url(), _("Open"))

    @admin.display(description=gettext_lazy("posts"))
    def posts_link(self, thread: Thread) -> str:
        return format_html(
            '<a href="{}?thread__id__exact={}">{}</a>',
            reverse("admin:forums_post_changelist"),
            thread.pk,
            _("View all"),
        )

    @admin.display(description=gettext_lazy("log"))
    def log_link(self, thread: Thread) -> str:
        return format_html(
            '<a href="{}?q=thread:{}">{}</a>',
            reverse("admin:audit_logentry_changelist"),
            thread.pk,
            _("View log"),
        )


class RevisionInline(admin.TabularInline):
    model = Revision
    verbose_name_plural = gettext_lazy("earlier versions")
    fields = readonly_fields = [
        "number",
        "author",
        "created_at",
        "reason",
        "subject",
        "body",
        "redacted_at",
        "redacted_by",
    ]
    extra = max_num = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("author")


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = ["id", "thread", "number", "author", "created_at", "hidden_at", "deleted_at", "page"]
    list_select_related = ["thread", "author"]
    list_filter = [
        ("held_at", admin.EmptyFieldListFilter),
        ("hidden_at", admin.EmptyFieldListFilter),
        ("deleted_at", admin.EmptyFieldListFilter),
        "is_comment",
    ]
    search_fields = ["=id", "author__name", "thread__subject"]
    search_help_text = gettext_lazy("The post’s number, its author’s name, or words of the thread’s subject")
    inlines = [RevisionInline]
    fields = [
        "thread", "number", "page", "author", "by_team", "body", "body_format", "reply_to", "created_at",
        ("edited_at", "edited_by"), ("hidden_at", "hidden_by"), ("deleted_at", "deleted_by"), ("held_at", "held_for"),
        ("vote_count", "imported_score"),
        "is_comment", "log_link",
    ]  # fmt: skip
    actions = verb_actions(POST)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "thread__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=gettext_lazy("page"))
    def page(self, post: Post) -> str:
        return format_html('<a href="{}">{}</a>', reverse("post-detail", args=[post.pk]), _("Open"))

    @admin.display(description=gettext_lazy("log"))
    def log_link(self, post: Post) -> str:
        return format_html(
            '<a href="{}?q=post:{}">{}</a>',
            reverse("admin:audit_logentry_changelist"),
            post.pk,
            _("View log"),
        )
