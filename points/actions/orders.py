"""Orders: the shipping address is stored encrypted, read by whoever packs, and erased a term after sending."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.countries import COUNTRIES
from community.lib.errors import Conflict
from community.lib.sealed import seal, unseal
from points.actions.redemptions import mark_fulfilled
from points.countries import postcode_refusal
from points.models import Order, Redemption
from points.notifications import notify_sent
from points.permissions import require_fulfiller
from profiles.models import Profile

SHIPPING_ADDRESS_LIFE = timedelta(days=14)
BATCH = 200
LIMITS = {
    "name": 120,
    "address_line1": 120,
    "address_line2": 120,
    "city": 80,
    "region": 80,
    "postal_code": 20,
    "country": 2,
}
REQUIRED = ("name", "address_line1", "city", "country")


def place_order(actor: Profile | None, redemption: Redemption, shipping_address: Mapping[str, str]) -> Order:
    """Order a redeemed product, or change its shipping address until it is sent.

    Raises PermissionDenied for others' redemptions, Conflict when it is too late, ValidationError by field.
    """
    if actor is None or actor.pk != redemption.profile_id:
        raise PermissionDenied(_("Only the member who redeemed this reward can order it."))
    clean = clean_shipping_address(shipping_address)
    with transaction.atomic():
        redemption = (
            Redemption.objects.select_for_update(of=("self",)).select_related("reward").get(pk=redemption.pk)
        )
        if not redemption.reward.needs_address:
            raise Conflict(
                _("This reward isn’t shipped, so it needs no shipping address."), code="unavailable"
            )
        if redemption.refunded_at is not None:
            raise Conflict(_("This redemption was refunded."), code="unavailable")
        order = Order.objects.select_for_update().filter(redemption=redemption).first() or Order(
            redemption=redemption
        )
        if order.sent_at is not None:
            raise Conflict(_("This order has already been sent."), code="already_sent")
        order.sealed_address = seal(json.dumps(clean, ensure_ascii=False))
        order.placed_at = order.placed_at if order.pk else timezone.now()
        order.save()
        record(
            "order.placed", actor_id=actor.pk, target=f"order:{order.pk}", after={"redemption": redemption.pk}
        )
    return order


def clean_shipping_address(given: Mapping[str, str]) -> dict[str, str]:
    """Return the shipping address with each field on one line. Raises ValidationError by field."""
    clean = {name: " ".join(str(given.get(name, "")).replace("\x00", "").split()) for name in LIMITS}
    clean["country"] = clean["country"].upper()
    errors: dict[str, list[str]] = {}
    for name, limit in LIMITS.items():
        if name in REQUIRED and not clean[name]:
            errors[name] = [_("Fill in this field.")]
        elif len(clean[name]) > limit and name != "country":
            errors[name] = [_("Shorten this to %(count)d characters.") % {"count": limit}]
    if "country" not in errors and clean["country"] not in COUNTRIES:
        errors["country"] = [_("Enter the country as two letters, such as DE.")]
    elif (refusal := postcode_refusal(clean["country"], clean["postal_code"])) is not None:
        errors["postal_code"] = [refusal]
    if errors:
        raise ValidationError(errors)
    return clean


def read_shipping_addresses(actor: Profile | None, orders: list[Order]) -> dict[int, dict[str, str]]:
    """Return the shipping addresses of `orders` by order id, without erased ones; the log says who read
    which.
    """
    actor = require_fulfiller(actor)
    read: dict[int, dict[str, str]] = {
        one.pk: json.loads(unseal(one.sealed_address)) for one in orders if one.sealed_address
    }
    if read:
        record("addresses.read", actor_id=actor.pk, target="orders:waiting", after={"orders": sorted(read)})
    return read


def mark_sent(actor: Profile | None, order: Order, *, tracking: str = "", reason: str = "") -> Order:
    """Mark an order as sent and notify the member. Raises PermissionDenied, Conflict."""
    actor = require_fulfiller(actor)
    with transaction.atomic():
        redemption = (
            Redemption.objects.select_for_update(of=("self",))
            .select_related("reward")
            .get(pk=order.redemption_id)
        )
        order = Order.objects.select_for_update().get(pk=order.pk)
        if redemption.refunded_at is not None:
            raise Conflict(_("This redemption was refunded."))
        if order.sent_at is not None:
            return order
        order.sent_at, order.sent_by_id = timezone.now(), actor.pk
        order.tracking = " ".join(tracking.replace("\x00", "").split())[:200]
        order.save(update_fields=["sent_at", "sent_by_id", "tracking"])
        mark_fulfilled(actor, redemption)
        notify_sent(order, redemption)
        record(
            "order.sent",
            actor_id=actor.pk,
            target=f"order:{order.pk}",
            after={"redemption": redemption.pk},
            reason=reason,
        )
    return order


def erase_old_shipping_addresses() -> int:
    """Erase the shipping addresses of orders sent two weeks ago and of refunds.

    Return how many; safe to run twice.
    """
    now, done = timezone.now(), 0
    over = Q(sent_at__lte=now - SHIPPING_ADDRESS_LIFE) | Q(redemption__refunded_at__isnull=False)
    while True:
        with transaction.atomic():
            due = (
                Order.objects.exclude(sealed_address="")
                .filter(over)
                .select_for_update(of=("self",), skip_locked=True)
            )
            ids = list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])
            done += Order.objects.filter(pk__in=ids).update(sealed_address="", erased_at=now)
        if len(ids) < BATCH:
            return done
