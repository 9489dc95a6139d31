"""The ledger, read-only: the database refuses changes too."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin
from points.models import Account, Entry, Transaction


class EntryInline(admin.TabularInline):
    model = Entry
    fields = readonly_fields = ["account", "amount"]
    extra = max_num = 0
    can_delete = False


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "kind", "member", "amount", "withheld", "source_key"]
    list_select_related = ["wallet__profile"]
    list_filter = ["kind"]
    search_fields = ["=source_key", "=cause", "wallet__profile__name"]
    search_help_text = gettext_lazy("Source (such as post:998), cause, or the member’s name")
    inlines = [EntryInline]
    fields = [
        "id",
        "created_at",
        "kind",
        "member",
        "amount",
        "withheld",
        "cause",
        "source_key",
        "actor_id",
        "reverses",
        "origin",
        "details",
    ]

    @admin.display(description=gettext_lazy("member"))
    def member(self, transaction: Transaction) -> str:
        profile = transaction.wallet.profile
        return profile.name if profile else ""

    @admin.display(description=gettext_lazy("details"))
    def details(self, transaction: Transaction) -> str:
        detail = getattr(transaction, "detail", None)
        return " · ".join(filter(None, [detail.title, detail.reason, detail.url])) if detail else ""


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = fields = ["id", "kind", "name", "profile", "balance"]
    list_select_related = ["profile"]
    list_filter = ["kind"]
    search_fields = ["profile__name", "=name"]
