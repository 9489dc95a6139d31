"""The pool of codes: how many, since when and whether given out. What a code says is shown to its owner only."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin, bulk_action
from points.actions.codes import withdraw_code
from points.models import Code


@admin.register(Code)
class CodeAdmin(ReadOnlyAdmin):
    list_display = ["id", "reward", "added_at", "claimed_at", "redemption_id"]
    list_select_related = ["reward"]
    list_filter = ["reward", ("redemption", admin.EmptyFieldListFilter)]
    fields = ["id", "reward", "added_at", "claimed_at", "redemption_id"]
    actions = [bulk_action("withdraw", gettext_lazy("Take out of the pool"), withdraw_code)]
