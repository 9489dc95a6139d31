"""Orders: packed and sent.

Shipping addresses are read by POST only, never cached, and the log says who read them.
"""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.adminpages import BULK_LIMIT, FormPages, ReadOnlyAdmin, confirm_inputs
from community.lib.countries import COUNTRIES
from community.lib.refusals import attempt
from community.lib.sheets import safe_cell
from points.actions.orders import LIMITS, mark_sent, read_shipping_addresses
from points.models import Order
from profiles.http import HttpRequest

PRIVATE = {"Cache-Control": "no-store, private", "Referrer-Policy": "no-referrer"}


class QueueFilter(admin.SimpleListFilter):
    """Show open orders unless another state is chosen."""

    title = gettext_lazy("state")
    parameter_name = "state"
    WAITING: dict[str, Any] = {"sent_at": None, "redemption__refunded_at": None}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sent", _("Sent")), ("refunded", _("Refunded")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": _("Open")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        where = {
            "sent": {"sent_at__isnull": False},
            "refunded": {"redemption__refunded_at__isnull": False},
            "all": {},
        }
        return queryset.filter(**where.get(self.value() or "", self.WAITING))


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin, FormPages):
    list_display = ["id", "redemption__title", "member", "placed_at", "sent_at", "tracking", "address_kept"]
    list_select_related = ["redemption__profile"]
    list_filter = [QueueFilter, "redemption__reward"]
    search_fields = ["=id", "redemption__profile__name", "tracking"]
    search_help_text = gettext_lazy("Order number, the member’s name, or tracking number")
    ordering = ["id"]
    fields = [
        "id",
        "member",
        "redemption",
        "placed_at",
        "sent_at",
        "tracking",
        "address_kept",
        "erased_at",
    ]
    actions = ["pack", "export", "send"]

    @admin.display(description=gettext_lazy("member"))
    def member(self, order: Order) -> str:
        profile = order.redemption.profile
        return format_html('<a href="{}">{}</a>', profile.get_absolute_url(), profile.name)

    @admin.display(description=gettext_lazy("has shipping address"), boolean=True)
    def address_kept(self, order: Order) -> bool:
        return bool(order.sealed_address)

    @admin.action(description=gettext_lazy("Show packing list"), permissions=["change"])
    def pack(self, request: HttpRequest, orders: QuerySet) -> HttpResponse:
        rows = _with_addresses(request, orders)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Packing list"),
            "rows": rows,
            "opts": self.opts,
        }
        return TemplateResponse(request, "points/admin/pack_list.html", context, headers=PRIVATE)

    @admin.action(description=gettext_lazy("Export as CSV"), permissions=["change"])
    def export(self, request: HttpRequest, orders: QuerySet) -> HttpResponse:
        # The byte order mark tells spreadsheets that the file is UTF-8.
        answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=PRIVATE)
        answer["Content-Disposition"] = 'attachment; filename="orders.csv"'
        sheet = csv.writer(answer)
        sheet.writerow(["order", "reward", *LIMITS])
        for order, shipping_address in _with_addresses(request, orders):
            row = (order.pk, order.redemption.title, *(shipping_address[name] for name in LIMITS))
            sheet.writerow([safe_cell(one) for one in row])
        return answer

    @admin.action(description=gettext_lazy("Mark as sent"), permissions=["change"])
    def send(self, request: HttpRequest, orders: QuerySet) -> HttpResponse:
        """Ask for each tracking number, then mark each order as sent."""
        chosen = _chosen(orders)
        fields = {
            f"tracking-{one.pk}": forms.CharField(
                label=f"{one}: {one.redemption.title}, {one.redemption.profile.name}",
                required=False,
                max_length=200,
            )
            for one in chosen
        }
        form_class = type("SendForm", (forms.Form,), fields)

        def run(form: forms.Form) -> HttpResponse:
            refused = {
                one: attempt(mark_sent, request.viewer, one, tracking=form.cleaned_data[f"tracking-{one.pk}"])
                for one in chosen
            }
            for one, why in refused.items():
                if why:
                    self.message_user(
                        request, _("%(row)s: %(why)s") % {"row": one, "why": why}, messages.ERROR
                    )
            done = sum(not why for why in refused.values())
            said = ngettext("%(count)d order marked as sent.", "%(count)d orders marked as sent.", done)
            self.message_user(request, said % {"count": done})
            return HttpResponseRedirect(request.get_full_path())

        return self.form_page(
            request,
            _("Mark as sent"),
            form_class(request.POST if "confirm" in request.POST else None),
            run=run,
            hidden=confirm_inputs(request, chosen),
            back="?",
            intro=_(
                "Each member is notified, with the tracking number. Shipping addresses are deleted two weeks later."
            ),
        )


def _chosen(orders: QuerySet) -> list[Order]:
    return list(orders.select_related("redemption__profile").order_by("pk")[:BULK_LIMIT])


def _with_addresses(request: HttpRequest, orders: QuerySet) -> list[tuple[Order, dict[str, str]]]:
    """Return the open orders with their shipping addresses; the log says who read them."""
    chosen = [one for one in _chosen(orders) if one.sent_at is None and one.redemption.refunded_at is None]
    found = read_shipping_addresses(request.viewer, chosen)
    for shipping_address in found.values():
        country = shipping_address["country"]
        shipping_address["country_name"] = str(COUNTRIES.get(country, country))
    return [(order, found[order.pk]) for order in chosen if order.pk in found]
