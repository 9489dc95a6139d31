"""Redemptions: marked as delivered or refunded in bulk, with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin, verb_actions
from points.models import Redemption
from points.verbs import REDEMPTION


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    STATES = {
        "reserved": (gettext_lazy("Reserved"), {"fulfilled_at": None, "refunded_at": None}),
        "fulfilled": (gettext_lazy("Delivered"), {"fulfilled_at__isnull": False}),
        "refunded": (gettext_lazy("Refunded"), {"refunded_at__isnull": False}),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, str(label)) for key, (label, _where) in self.STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return (
            queryset.filter(**self.STATES[str(self.value())][1]) if self.value() in self.STATES else queryset
        )


@admin.register(Redemption)
class RedemptionAdmin(ReadOnlyAdmin):
    list_display = ["id", "title", "member", "price", "cost", "created_at", "state"]
    list_select_related = ["profile"]
    list_filter = [StateFilter, "reward"]
    search_fields = ["=id", "profile__name"]
    search_help_text = gettext_lazy("Redemption number, or the member’s name")
    fields = [
        "id",
        "title",
        "reward",
        "member",
        "price",
        "cost",
        "transaction",
        "created_at",
        "state",
        "fulfilled_at",
        "refunded_at",
    ]
    actions = verb_actions(REDEMPTION)

    @admin.display(description=gettext_lazy("member"))
    def member(self, redemption: Redemption) -> str:
        return format_html(
            '<a href="{}">{}</a>', redemption.profile.get_absolute_url(), redemption.profile.name
        )

    @admin.display(description=gettext_lazy("state"))
    def state(self, redemption: Redemption) -> str:
        return str(StateFilter.STATES[redemption.state][0])
