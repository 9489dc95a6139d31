"""The codes of rewards: when each was added and claimed. Only its owner can see a code itself."""

from __future__ import annotations

from django.contrib import admin

from community.lib.adminpages import ReadOnlyAdmin, verb_actions
from points.models import Code
from points.verbs import CODE


@admin.register(Code)
class CodeAdmin(ReadOnlyAdmin):
    list_display = fields = ["id", "reward", "added_at", "claimed_at", "redemption_id"]
    list_select_related = ["reward"]
    list_filter = ["reward", ("redemption", admin.EmptyFieldListFilter)]
    actions = verb_actions(CODE)
