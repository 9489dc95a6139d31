"""Where a parcel goes: sealed, read by whoever packs, erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community.lib.errors import Conflict
from points.actions.orders import (
    SHIPPING_ADDRESS_LIFE,
    erase_old_shipping_addresses,
    mark_sent,
    place_order,
    read_shipping_addresses,
)
from points.actions.redemptions import redeem, refund
from points.models import Order, Redemption

ADDRESS = {
    "name": "Alice Canary",
    "address_line1": "Birdcage 7",
    "city": "Berlin",
    "postal_code": "10435",
    "country": "de",
}


@pytest.fixture
def redemption(alice, give, reward):
    give(alice, 10)
    return redeem(alice, reward("sticker", stock=2, needs_address=True))


def test_shipping_address_is_encrypted_and_read_by_moderators(alice, mo, bob, redemption):
    order = place_order(alice, redemption, ADDRESS)
    assert "Canary" not in order.sealed_address
    assert read_shipping_addresses(mo, [order])[order.pk]["name"] == "Alice Canary"
    for refused in (
        lambda: read_shipping_addresses(bob, [order]),
        lambda: place_order(bob, redemption, ADDRESS),
    ):
        with pytest.raises(PermissionDenied):
            refused()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"postal_code": "1043"}, "postal_code"),
        ({"country": "Germany"}, "country"),
        ({"city": "x" * 81}, "city"),
    ],
)
def test_invalid_shipping_address_is_refused_by_field(change, field, alice, redemption):
    with pytest.raises(ValidationError) as refused:
        place_order(alice, redemption, {**ADDRESS, **change})
    assert set(refused.value.message_dict) == {field}


def test_shipping_address_can_be_changed_until_sent(alice, mo, redemption):
    order = place_order(alice, redemption, ADDRESS)
    assert place_order(alice, redemption, {**ADDRESS, "city": "Bonn", "postal_code": "53111"}).pk == order.pk
    mark_sent(mo, order, tracking="DHL 1")
    assert (Order.objects.get().state, Redemption.objects.get().state) == ("sent", "fulfilled")
    with pytest.raises(Conflict):
        place_order(alice, redemption, ADDRESS)


def test_a_refunded_order_is_not_sent(alice, mo, redemption):
    order = place_order(alice, redemption, ADDRESS)
    refund(mo, redemption)
    with pytest.raises(Conflict):
        mark_sent(mo, order)


def test_shipping_addresses_are_erased_two_weeks_after_sending(alice, mo, redemption):
    order = mark_sent(mo, place_order(alice, redemption, ADDRESS))
    assert erase_old_shipping_addresses() == 0
    Order.objects.update(sent_at=order.sent_at - SHIPPING_ADDRESS_LIFE - timedelta(minutes=1))
    assert (erase_old_shipping_addresses(), erase_old_shipping_addresses()) == (1, 0)
    assert read_shipping_addresses(mo, [Order.objects.get()]) == {}
