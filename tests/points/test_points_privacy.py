"""What is left of a person's points when the account is deleted, and what the person can take along."""

from __future__ import annotations

import json

import pytest

from integrations.models import OutboxEvent
from points.actions.awards import award_by_hand
from points.actions.gifts import Wish, give_points
from points.actions.orders import place_order
from points.actions.redemptions import redeem
from points.models import Order, Transaction, TransactionDetail
from points.privacy import erase_points_traces, points_parts
from points.queries.verify import mismatches
from profiles.models import Delivery, Notification

CANARY = "Canary Lane 7"


@pytest.fixture
def history(alice, mo, root, bob, give, reward, credit, achievement, settings):
    settings.SLACK_WEBHOOK_URL = "https://hooks.slack.example/T/B/x"
    give_points(mo, alice, wish=Wish(50, None, "For Alice’s canary."))
    give_points(mo, bob, wish=Wish(5, None, "For Bob’s fence."))
    award_by_hand(mo, alice, achievement("hello", points=5), reason="A canary award.")
    parcel = redeem(alice, reward("sticker", price=10, needs_address=True, stock=5))
    place_order(
        alice,
        parcel,
        {"name": "Alice", "address_line1": CANARY, "city": "Bern", "postal_code": "3011", "country": "CH"},
    )
    redeem(alice, credit("voucher", ["CANARY-CODE"], price=10))
    return alice


def test_erasure_keeps_the_ledger_only(history, bob):
    before = list(Transaction.objects.order_by("pk").values())
    for _time in range(2):
        erase_points_traces(history, True)
    assert list(Transaction.objects.order_by("pk").values()) == before
    assert list(mismatches()) == []
    assert [one.reason for one in TransactionDetail.objects.all()] == ["For Bob’s fence."]
    assert set(Order.objects.values_list("sealed_address", flat=True)) == {""}
    assert [one["data"]["member"] for one in OutboxEvent.objects.values_list("payload", flat=True)] == [
        bob.name
    ]


def test_reasons_are_erased_with_the_givers_account(history, mo):
    erase_points_traces(mo, False)
    assert not TransactionDetail.objects.filter(reason__contains="For ").exists()
    told = [*Notification.objects.filter(kind="gift"), *Delivery.objects.filter(kind="gift")]
    assert {one.title for one in told} == {"You were awarded points"}


def test_the_export_has_everything_but_codes_and_addresses(history):
    parts = {one.path: one.content for one in points_parts(history)}
    text = json.dumps(parts, default=str)
    assert "For Alice’s canary." in json.dumps(parts, default=str, ensure_ascii=False)
    assert "CANARY-CODE" not in text and CANARY not in text
    assert len(parts["points/transactions.json"]) == 4 and len(parts["points/redemptions.json"]) == 2
    assert parts["points/achievements.json"][0]["achievement__slug"] == "hello"
