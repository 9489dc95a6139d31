"""The queue of orders: pack, send, tell. An address is read by POST only, kept by no cache, and the log says by whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.adminpages import BULK_LIMIT, ReadOnlyAdmin
from community.lib.countries import COUNTRIES
from community.lib.refusals import REFUSALS, error_message
from community.lib.sheets import safe_cell
from points.actions.orders import LIMITS, mark_sent, read_addresses
from points.models import Order
from profiles.http import HttpRequest

PRIVATE = {"Cache-Control": "no-store, private", "Referrer-Policy": "no-referrer"}


class QueueFilter(admin.SimpleListFilter):
    """Without a choice: what waits."""

    title = gettext_lazy("state")
    parameter_name = "state"
    WAITING: dict[str, Any] = {"sent_at": None, "redemption__refunded_at": None}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sent", _("Sent")), ("refunded", _("Refunded")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": _("To be sent")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        where = {
            "sent": {"sent_at__isnull": False},
            "refunded": {"redemption__refunded_at__isnull": False},
            "all": {},
        }
        # A row's own page has no filters.
        return queryset.filter(**where.get(self.value() or "", self.WAITING))


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["id", "what", "member", "placed_at", "sent_at", "tracking", "address_kept"]
    list_select_related = ["redemption__profile"]
    list_filter = [QueueFilter, "redemption__reward"]
    search_fields = ["=id", "redemption__profile__name", "tracking"]
    search_help_text = gettext_lazy("Number, the member’s name, or tracking")
    ordering = ["id"]
    fields = [
        "id",
        "what",
        "member",
        "redemption",
        "placed_at",
        "sent_at",
        "tracking",
        "address_kept",
        "erased_at",
    ]
    actions = ["pack", "export", "send"]

    @admin.display(description=gettext_lazy("reward"))
    def what(self, order: Order) -> str:
        return order.redemption.title

    @admin.display(description=gettext_lazy("member"))
    def member(self, order: Order) -> str:
        profile = order.redemption.profile
        return format_html('<a href="{}">{}</a>', profile.get_absolute_url(), profile.name)

    @admin.display(description=gettext_lazy("address kept"), boolean=True)
    def address_kept(self, order: Order) -> bool:
        return bool(order.sealed_address)

    @admin.action(description=gettext_lazy("Show pack list"), permissions=["change"])
    def pack(self, request: HttpRequest, orders: QuerySet) -> HttpResponse:
        rows = _with_addresses(request, orders)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Pack list"),
            "rows": rows,
            "opts": self.opts,
        }
        return TemplateResponse(request, "points/admin/pack_list.html", context, headers=PRIVATE)

    @admin.action(description=gettext_lazy("Download as CSV"), permissions=["change"])
    def export(self, request: HttpRequest, orders: QuerySet) -> HttpResponse:
        out = io.StringIO()
        sheet = csv.writer(out)
        sheet.writerow(["order", "reward", *LIMITS])
        for order, address in _with_addresses(request, orders):
            sheet.writerow(
                [
                    safe_cell(one)
                    for one in (order.pk, order.redemption.title, *(address[name] for name in LIMITS))
                ]
            )
        headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="orders.csv"'}
        # The mark at its beginning tells spreadsheets that it is UTF-8.
        return HttpResponse(
            f"\ufeff{out.getvalue()}", content_type="text/csv; charset=utf-8", headers=headers
        )

    @admin.action(description=gettext_lazy("Mark as sent"), permissions=["change"])
    def send(self, request: HttpRequest, orders: QuerySet) -> HttpResponse | None:
        chosen = _chosen(orders)
        if "confirm" not in request.POST:
            context = {
                **self.admin_site.each_context(request), "title": _("Mark as sent"), "rows": chosen, "opts": self.opts,
                "checkbox": ACTION_CHECKBOX_NAME,
            }  # fmt: skip
            return TemplateResponse(request, "points/admin/send.html", context)
        done = sum(self._sent(request, order) for order in chosen)
        self.message_user(
            request, ngettext("%(count)d order sent.", "%(count)d orders sent.", done) % {"count": done}
        )
        return HttpResponseRedirect(request.get_full_path())

    def _sent(self, request: HttpRequest, order: Order) -> bool:
        act: Callable[..., Order] = mark_sent
        try:
            act(request.viewer, order, tracking=request.POST.get(f"tracking-{order.pk}", ""))
        except REFUSALS as refusal:
            self.message_user(
                request, _("%(row)s: %(why)s") % {"row": order, "why": error_message(refusal)}, messages.ERROR
            )
            return False
        return True


def _chosen(orders: QuerySet) -> list[Order]:
    return list(orders.select_related("redemption__profile").order_by("pk")[:BULK_LIMIT])


def _with_addresses(request: HttpRequest, orders: QuerySet) -> list[tuple[Order, dict[str, str]]]:
    """Return what is still to be sent, with where it goes."""
    chosen = [one for one in _chosen(orders) if one.sent_at is None and one.redemption.refunded_at is None]
    addresses = read_addresses(request.viewer, chosen)
    found = [(order, addresses[order.pk]) for order in chosen if order.pk in addresses]
    for _order, address in found:
        address["country_name"] = str(COUNTRIES.get(address["country"], address["country"]))
    return found
