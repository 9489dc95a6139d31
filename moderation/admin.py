"""Threads and posts in Django admin: everything goes through the actions, so nobody can skip a rule or the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.adminpages import FewRowsPaginator
from forums.models import Post, Revision, Thread, Topic
from moderation.actions import posts, threads

LIMIT = 500


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    topic = forms.ModelChoiceField(label=gettext_lazy("Topic"), queryset=Topic.objects.select_related("group"), required=False)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows are looked at here, and changed by actions only."""

    paginator = FewRowsPaginator
    show_full_result_count = False
    actions_selection_counter = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]

    def ask_and_do(
        self, request: HttpRequest, rows: QuerySet, title: str, act: Callable[..., Any], **extra: Any
    ) -> HttpResponse | None:
        """Show a page that asks for the reason; with it, run `act(viewer, row, reason=…)` on each row and count."""
        form = ReasonForm(request.POST if "confirm" in request.POST else None)
        if extra.get("topic"):
            form.fields["topic"].required = True
        else:
            del form.fields["topic"]
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": title,
                "form": form,
                "rows": rows[:50],
                "count": rows.count(),
                "selected": list(rows.values_list("pk", flat=True)[:LIMIT]),
                "action": request.POST.get("action"),
                "checkbox": ACTION_CHECKBOX_NAME,
                "opts": self.model._meta,
            }
            return TemplateResponse(request, "admin/reason.html", context)
        done = self._do(request, rows, act, form.cleaned_data)
        self.message_user(request, ngettext("%(count)d done.", "%(count)d done.", done) % {"count": done})
        return None

    def _do(self, request: HttpRequest, rows: QuerySet, act: Callable[..., Any], given: dict[str, Any]) -> int:
        done = 0
        for row in rows[:LIMIT]:
            try:
                act(request.viewer, row, **{key: value for key, value in given.items() if value})  # type: ignore[attr-defined]
                done += 1
            except (PermissionDenied, ValidationError) as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        return done


def _bulk(name: str, label: Any, act: Callable[..., Any], **extra: Any) -> Callable[..., HttpResponse | None]:
    @admin.action(description=label, permissions=["change"])
    def action(self: ReadOnlyAdmin, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        return self.ask_and_do(request, rows, str(label), act, **extra)

    action.__name__ = name
    return action


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    FIELDS = {
        "archived": "archived_at",
        "locked": "locked_at",
        "pinned": "pinned_at",
        "hidden": "hidden_at",
        "deleted": "deleted_at",
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("listed", _("Listed")),
            ("archived", _("Archived")),
            ("locked", _("Locked")),
            ("pinned", _("Pinned")),
            ("hidden", _("Hidden")),
            ("deleted", _("Deleted")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        if chosen == "listed":
            return queryset.filter(is_listed=True)
        return queryset.filter(**{f"{self.FIELDS[chosen]}__isnull": False}) if chosen in self.FIELDS else queryset


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    list_display = ["subject", "topic", "author", "reply_count", "created_at", "archived_at", "page"]
    list_select_related = ["topic", "author"]
    list_filter = [StateFilter, "topic", "is_question"]
    search_fields = ["subject", "slug", "author__name"]
    ordering = ["-id"]
    actions = [
        _bulk("archive", gettext_lazy("Archive"), threads.archive_thread),
        _bulk("restore", gettext_lazy("Restore from the archive"), threads.unarchive_thread),
        _bulk("move", gettext_lazy("Move to another topic"), threads.move_thread, topic=True),
        _bulk("lock", gettext_lazy("Lock"), threads.lock_thread),
        _bulk("unlock", gettext_lazy("Unlock"), threads.unlock_thread),
        _bulk("pin", gettext_lazy("Pin to its topic"), threads.pin_thread),
        _bulk("unpin", gettext_lazy("Unpin"), threads.unpin_thread),
        _bulk("hide", gettext_lazy("Hide"), threads.hide_thread),
        _bulk("show", gettext_lazy("Show"), threads.show_thread),
    ]

    @admin.display(description=gettext_lazy("page"))
    def page(self, thread: Thread) -> str:
        return format_html('<a href="{}">{}</a>', thread.get_absolute_url(), _("Open"))


class RevisionInline(admin.TabularInline):
    model = Revision
    fields = readonly_fields = ["number", "author", "created_at", "reason", "body"]
    extra = max_num = 0
    can_delete = False


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = ["id", "thread", "number", "author", "created_at", "hidden_at", "deleted_at", "page"]
    list_select_related = ["thread", "author"]
    list_filter = [("hidden_at", admin.EmptyFieldListFilter), ("deleted_at", admin.EmptyFieldListFilter), "is_comment"]
    search_fields = ["author__name", "thread__subject"]
    ordering = ["-id"]
    inlines = [RevisionInline]
    exclude = ["body_html"]
    actions = [
        _bulk("hide", gettext_lazy("Hide"), posts.hide_post),
        _bulk("show", gettext_lazy("Show"), posts.show_post),
    ]

    @admin.display(description=gettext_lazy("page"))
    def page(self, post: Post) -> str:
        return format_html('<a href="/questions/post/{}/">{}</a>', post.pk, _("Open"))
