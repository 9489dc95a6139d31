"""Searches without results, and questions that a similar thread answered."""

from __future__ import annotations

from django.contrib import admin

from community.lib.adminpages import ReadOnlyAdmin
from forums.models import Deflection, SearchMiss


@admin.register(SearchMiss)
class SearchMissAdmin(ReadOnlyAdmin):
    list_display = ["words", "count", "first_at", "last_at"]
    search_fields = ["words"]
    ordering = ["-count", "-last_at"]


@admin.register(Deflection)
class DeflectionAdmin(ReadOnlyAdmin):
    list_display = ["thread", "profile", "created_at"]
    list_select_related = ["thread", "profile"]
