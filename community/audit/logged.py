"""Django admin whose saves and deletions are in the log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from community.audit import record
from community.lib.adminpages import FixedFields


class LoggedAdmin(FixedFields, admin.ModelAdmin):
    """Records `<model>.made`, `.changed` and `.deleted`, with the names of the changed fields."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.log(request, "changed" if change else "made", obj, obj.pk, {"fields": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        gone = obj.pk
        super().delete_model(request, obj)
        self.log(request, "deleted", obj, gone)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def log(
        self, request: HttpRequest, verb: str, obj: Model, pk: int, after: dict[str, Any] | None = None
    ) -> None:
        kind = self.opts.model_name
        actor_id = request.viewer.pk  # type: ignore[attr-defined]
        record(f"{kind}.{verb}", actor_id=actor_id, target=f"{kind}:{pk}", after=after, title=str(obj))
