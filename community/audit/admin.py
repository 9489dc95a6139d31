"""The log in Django admin: read-only, with search."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.audit.models import LogDetail, LogEntry
from community.lib.adminpages import ReadOnlyAdmin


class ActionFilter(admin.SimpleListFilter):
    """List the actions in the log, by skipping along the index instead of reading every row."""

    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        actions = LogEntry.objects.order_by("action").values_list("action", flat=True)
        action = actions.first()
        while action is not None:
            found.append((action, action))
            action = actions.filter(action__gt=action).first()
        return found

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "action", "actor", "what", "reason"]
    list_select_related = ["detail"]
    list_filter = [ActionFilter]
    search_fields = ["target"]
    search_help_text = gettext_lazy(
        "Kind and number, such as thread:12; or by:7 for everything one person did"
    )
    fields = [
        "created_at", "action", "actor", "what", "title", "reason", "facts_before", "facts_after", "source_key",
        "previous_digest", "digest",
    ]  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Search by exact target or actor; both have an index."""
        term = search_term.strip()
        kind, _colon, number = term.partition(":")
        if kind == "by" and number.isascii() and number.isdigit():
            return queryset.filter(actor_id=min(int(number), 2**63 - 1)), False
        return (queryset.filter(target=term) if term else queryset), False

    @admin.display(description=gettext_lazy("actor"))
    def actor(self, entry: LogEntry) -> str:
        return _link(f"profile:{entry.actor_id}") if entry.actor_id else _("Hearth")

    @admin.display(description=gettext_lazy("target"))
    def what(self, entry: LogEntry) -> str:
        return _link(entry.target)

    @admin.display(description=gettext_lazy("title"))
    def title(self, entry: LogEntry) -> str:
        return entry.detail.title if _detail(entry) else ""

    @admin.display(description=gettext_lazy("reason"))
    def reason(self, entry: LogEntry) -> str:
        return entry.detail.reason if _detail(entry) else ""

    @admin.display(description=gettext_lazy("before"))
    def facts_before(self, entry: LogEntry) -> str:
        return _facts(entry.before, _detail(entry), "before")

    @admin.display(description=gettext_lazy("after"))
    def facts_after(self, entry: LogEntry) -> str:
        return _facts(entry.after, _detail(entry), "after")


# Where a target's row is looked at in admin; names bind late, so this app need not know the others.
PLACES = {
    "thread": "forums",
    "post": "forums",
    "tag": "forums",
    "topic": "forums",
    "page": "pages",
    "profile": "profiles",
}


def _link(target: str) -> str:
    kind, _colon, number = target.partition(":")
    try:
        url = reverse(f"admin:{PLACES[kind]}_{kind}_change", args=[number])
    except (KeyError, NoReverseMatch):
        return target
    return format_html('<a href="{}">{}</a>', url, target)


def _detail(entry: LogEntry) -> LogDetail | None:
    return getattr(entry, "detail", None)


def _facts(kept: dict[str, Any] | None, detail: LogDetail | None, side: str) -> str:
    """Merge the chained facts with their erasable texts."""
    if kept is None:
        return ""
    words = getattr(detail, side) if detail else {}
    return json.dumps({**kept, **words}, ensure_ascii=False, sort_keys=True)
