from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from community.audit.models import LogEntry
from community.lib.adminpages import FewRowsPaginator


@admin.register(LogEntry)
class LogEntryAdmin(admin.ModelAdmin):
    """The log is read here; nobody writes it but `record()`."""

    list_display = ["id", "created_at", "action", "actor_id", "target"]
    search_fields = ["action", "target"]
    ordering = ["-id"]
    paginator = FewRowsPaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
