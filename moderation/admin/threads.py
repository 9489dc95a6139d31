"""Threads and posts in Django admin: everything goes through the actions, so nobody can skip a rule or the log."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin, ReasonForm, bulk_action
from forums.actions.posts import delete_post, undelete_post
from forums.actions.redaction import redact_revisions
from forums.actions.threads import delete_thread, edit_thread, undelete_thread
from forums.forms import split_tags
from forums.models import Post, Revision, Thread, Topic
from forums.notifications import without_notice
from moderation.actions import merging, posts, review, threads
from moderation.queries.targets import find_thread
from profiles.models import Profile


class DecisionForm(ReasonForm):
    quiet = forms.BooleanField(label=gettext_lazy("Don’t notify the authors"), required=False)


class MoveForm(DecisionForm):
    topic = forms.ModelChoiceField(label=gettext_lazy("Topic"), queryset=Topic.objects.select_related("group"))


class RetagForm(ReasonForm):
    tags = forms.CharField(label=gettext_lazy("Tags from now on"), max_length=250, required=False)

    def clean_tags(self) -> list[str]:
        return split_tags(self.cleaned_data["tags"])


class MergeForm(DecisionForm):
    into = forms.CharField(label=gettext_lazy("Thread that stays"), max_length=300, help_text=gettext_lazy("Number or address."))

    def clean_into(self) -> Thread:
        try:
            return find_thread(self.cleaned_data["into"], None)
        except ValidationError as refusal:
            raise ValidationError(refusal.messages) from refusal


def decision(name: str, label: Any, act: Callable[..., Any], form_class: type[DecisionForm] = DecisionForm) -> Any:
    """Return a bulk action whose form asks whether to notify the authors."""

    def decide(actor: Profile | None, row: Any, *, quiet: bool, **given: Any) -> None:
        with without_notice(quiet):
            act(actor, row, **given)

    return bulk_action(name, label, decide, form_class)


def retag_thread(actor: Profile | None, thread: Thread, *, tags: list[str], reason: str) -> Thread:
    """Give a thread other tags; its subject stays."""
    return edit_thread(actor, thread, tags=tags, reason=reason)


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    STATES = {
        "archived": gettext_lazy("Archived"),
        "locked": gettext_lazy("Locked"),
        "pinned": gettext_lazy("Pinned"),
        "hidden": gettext_lazy("Hidden"),
        "deleted": gettext_lazy("Deleted"),
        "held": gettext_lazy("Waits for review"),
        "private": gettext_lazy("Confidential"),
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
        return queryset.in_state(self.value()) if self.value() in {"unanswered", "unsolved", "solved"} else queryset


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    list_display = ["subject", "topic", "author", "reply_count", "created_at", "state", "page"]
    list_select_related = ["topic", "author"]
    list_filter = [StateFilter, SolutionFilter, "topic"]
    search_fields = ["subject", "=slug", "author__name"]
    search_help_text = gettext_lazy("Words of the subject, the address, or the asker’s name")
    fields = [
        "subject", "slug", "page", "topic", "tag_names", "author", "docs_page", "created_at", "edited_at", "last_activity_at",
        "state", ("archived_at", "archived_by"), ("locked_at", "locked_by"), ("pinned_at", "pinned_by"),
        ("hidden_at", "hidden_by"), ("deleted_at", "deleted_by"), ("private_at", "private_by"), "held_at",
        ("solved_at", "solved_by"), "solution", "merged_into",
        ("reply_count", "helper_reply_count", "comment_count"), ("vote_count", "me_too_count"),
        ("first_reply_at", "first_team_reply_at"), "posts_link", "log_link",
    ]  # fmt: skip
    readonly_fields = [name for row in fields for name in ([row] if isinstance(row, str) else row)]
    actions = [
        decision("archive", gettext_lazy("Archive"), threads.archive_thread),
        decision("restore", gettext_lazy("Unarchive"), threads.unarchive_thread),
        decision("move", gettext_lazy("Move to another topic"), threads.move_thread, MoveForm),
        decision("lock", gettext_lazy("Lock"), threads.lock_thread),
        decision("unlock", gettext_lazy("Unlock"), threads.unlock_thread),
        bulk_action("pin", gettext_lazy("Pin to its topic"), threads.pin_thread),
        bulk_action("unpin", gettext_lazy("Unpin"), threads.unpin_thread),
        decision("hide", gettext_lazy("Hide"), threads.hide_thread),
        decision("show", gettext_lazy("Unhide"), threads.show_thread),
        decision("make_private", gettext_lazy("Make private"), threads.make_private),
        decision("make_public", gettext_lazy("Make public"), threads.make_public),
        bulk_action("retag", gettext_lazy("Retag"), retag_thread, RetagForm),
        decision("merge", gettext_lazy("Merge into another thread"), merging.merge_thread, MergeForm),
        bulk_action("unmerge", gettext_lazy("Unmerge"), merging.unmerge_thread),
        decision("delete", gettext_lazy("Delete"), delete_thread),
        decision("undelete", gettext_lazy("Restore"), undelete_thread),
    ]

    @admin.display(description=gettext_lazy("state"))
    def state(self, thread: Thread) -> str:
        standing = [str(label) for state, label in StateFilter.STATES.items() if getattr(thread, f"{state}_at")]
        return ", ".join(standing) or _("Listed")

    @admin.display(description=gettext_lazy("page"))
    def page(self, thread: Thread) -> str:
        return format_html('<a href="{}">{}</a>', thread.get_absolute_url(), _("Open"))

    @admin.display(description=gettext_lazy("posts"))
    def posts_link(self, thread: Thread) -> str:
        return format_html(
            '<a href="{}?thread__id__exact={}">{}</a>', reverse("admin:forums_post_changelist"), thread.pk, _("See all")
        )

    @admin.display(description=gettext_lazy("log"))
    def log_link(self, thread: Thread) -> str:
        return format_html(
            '<a href="{}?q=thread:{}">{}</a>', reverse("admin:audit_logentry_changelist"), thread.pk, _("What was done")
        )


class RevisionInline(admin.TabularInline):
    model = Revision
    verbose_name_plural = gettext_lazy("earlier versions")
    fields = readonly_fields = ["number", "author", "created_at", "reason", "subject", "body", "redacted_at", "redacted_by"]
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
    readonly_fields = [name for row in fields for name in ([row] if isinstance(row, str) else row)]
    actions = [
        decision("hide", gettext_lazy("Hide"), posts.hide_post),
        decision("show", gettext_lazy("Unhide"), posts.show_post),
        decision("approve", gettext_lazy("Approve in review"), review.approve_post),
        decision("trust", gettext_lazy("Approve in review and trust the author"), partial(review.approve_post, trust=True)),
        decision("turn_down", gettext_lazy("Turn down in review"), review.turn_down_post),
        decision("spam", gettext_lazy("Turn down as advertising"), partial(review.turn_down_post, spam=True)),
        bulk_action("review_again", gettext_lazy("Put back into review"), review.review_again),
        decision("redact", gettext_lazy("Remove the text of earlier versions"), redact_revisions),
        decision("delete", gettext_lazy("Delete"), delete_post),
        decision("undelete", gettext_lazy("Restore"), undelete_post),
    ]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "thread__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=gettext_lazy("page"))
    def page(self, post: Post) -> str:
        return format_html('<a href="{}">{}</a>', reverse("post-detail", args=[post.pk]), _("Open"))

    @admin.display(description=gettext_lazy("log"))
    def log_link(self, post: Post) -> str:
        return format_html(
            '<a href="{}?q=post:{}">{}</a>', reverse("admin:audit_logentry_changelist"), post.pk, _("What was done")
        )
