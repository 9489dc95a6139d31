"""Whether authors said that their question is solved, in Django admin."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin
from forums.models import Resolution


@admin.register(Resolution)
class ResolutionAdmin(ReadOnlyAdmin):
    list_display = ["thread", "created_at", "answer", "answered_at"]
    list_select_related = ["thread"]
    list_filter = ["answer"]
    search_fields = ["=thread__id"]
    search_help_text = gettext_lazy("Search by thread id")
    fields = ["thread", "post", "created_at", "answer", "answered_at"]
