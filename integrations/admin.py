"""The outbox in Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from community.lib.adminpages import ReadOnlyAdmin
from integrations.models import OutboxEvent


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "created_at",
        "type",
        "channel",
        "source_key",
        "attempts",
        "delivered_at",
        "gave_up_at",
        "error",
    ]
    list_filter = ["type", "channel", ("gave_up_at", admin.EmptyFieldListFilter)]
    search_fields = ["=source_key"]
    fields = [
        "type", "channel", "source_key", "payload", "created_at", "due_at", "attempts", "delivered_at", "gave_up_at", "error",
    ]  # fmt: skip
