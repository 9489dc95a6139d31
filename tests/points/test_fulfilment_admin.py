"""Fulfilling in Django admin: the queue, the pack list, the sheet, what is sent, and who may."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.audit.models import LogEntry
from points.actions.orders import place_order
from points.actions.redemptions import redeem, refund
from points.models import Order, Redemption
from profiles.models import Delivery, Notification

ADDRESS = {
    "name": "=cmd|'/c calc'!A0", "address_line1": "Birdcage 7", "city": "Berlin", "postal_code": "10435", "country": "DE",
}  # fmt: skip
QUEUE = "/admin/points/order/"


@pytest.fixture
def order(alice, give, reward):
    """Make an order: order(); each of its own person's redemptions of one sticker."""
    sticker = reward("sticker", stock=90, stocked=90, member_limit=None, needs_address=True)

    def make():
        give(alice, 10)
        return place_order(alice, redeem(alice, sticker), ADDRESS)

    return make


def _act(browser, action, orders, **fields):
    return browser.post(
        QUEUE, {ACTION_CHECKBOX_NAME: [one.pk for one in orders], "action": action, **fields}, follow=True
    )


def test_order_list_has_open_orders_and_no_shipping_address(order, mo, as_):
    waits, refunded = order(), order()
    refund(mo, refunded.redemption)
    page = as_(mo).get(QUEUE).content.decode()
    assert f"{QUEUE}{waits.pk}/change/" in page
    assert f"{QUEUE}{refunded.pk}/change/" not in page
    assert "Birdcage" not in page + as_(mo).get(f"{QUEUE}{waits.pk}/change/").content.decode()


def test_packing_list_shows_shipping_addresses_and_is_logged(order, mo, as_):
    one = order()
    page = _act(as_(mo), "pack", [one])
    assert "Birdcage 7" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert LogEntry.objects.filter(action="addresses.read", actor_id=mo.pk).count() == 1


def test_order_csv_holds_no_formula(order, mo, as_):
    answer = _act(as_(mo), "export", [order()])
    assert "no-store" in answer["Cache-Control"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["name"], row["city"], row["reward"]) for row in rows] == [
        ("'=cmd|'/c calc'!A0", "Berlin", "Sticker")
    ]


def test_order_marked_as_sent_notifies_with_tracking(order, alice, mo, as_):
    one, other = order(), order()
    asked = _act(as_(mo), "send", [one, other]).content.decode()
    assert f'name="tracking-{one.pk}"' in asked
    _act(as_(mo), "send", [one, other], confirm="yes", **{f"tracking-{one.pk}": "DHL\r\n 0034"})
    _act(as_(mo), "send", [one], confirm="yes", **{f"tracking-{one.pk}": "again"})
    one.refresh_from_db()
    assert (one.state, one.tracking, one.sent_by_id) == ("sent", "DHL 0034", mo.pk)
    told = [row.title for row in Notification.objects.filter(profile=alice, kind="reward").order_by("id")]
    assert told == ["Sticker was sent. Tracking: DHL 0034", "Sticker was sent."]
    assert Delivery.objects.filter(profile=alice, kind="reward").count() == 2
    assert "DHL 0034" in as_(alice).get("/community/points/", follow=True).content.decode()


def test_order_is_not_sent_when_refunded_meanwhile(order, mo, as_):
    one = order()
    browser = as_(mo)
    refund(mo, one.redemption)
    page = browser.post(
        f"{QUEUE}?state=all",
        {ACTION_CHECKBOX_NAME: [one.pk], "action": "send", "confirm": "yes"},
        follow=True,
    ).content.decode()
    assert "was refunded" in page
    assert Order.objects.get().sent_at is None


def test_refund_and_delivery_need_a_reason(alice, mo, give, reward, as_):
    give(alice, 20)
    talk = reward("talk", member_limit=None)
    first, second = redeem(alice, talk), redeem(alice, talk)
    browser, page = as_(mo), "/admin/points/redemption/"
    for action, row in (("fulfil", first), ("refund", second)):
        data = {ACTION_CHECKBOX_NAME: [row.pk], "action": action, "confirm": "yes", "reason": ""}
        assert browser.post(page, data).status_code == 400
        browser.post(page, {**data, "reason": "met on Friday"})
    states = [one.state for one in Redemption.objects.order_by("id")]
    assert states == ["fulfilled", "refunded"]
    told = {row.title for row in Notification.objects.filter(profile=alice, kind="reward")}
    assert told == {"Talk was delivered.", "Talk was refunded: you got 10 points back."}


@pytest.mark.parametrize("page", ["order", "redemption", "reward", "code", "transaction", "account"])
def test_points_admin_is_closed_to_members(page, order, bob, cleo, as_):
    order()
    for who in (bob, cleo):
        assert as_(who).get(f"/admin/points/{page}/").status_code in (302, 403)
        assert as_(who).post(
            f"/admin/points/{page}/", {"action": "pack", ACTION_CHECKBOX_NAME: [1]}
        ).status_code in (302, 403)


def test_moderators_see_orders_and_admins_also_codes(order, mo, root, as_):
    order()
    assert [
        as_(mo).get(f"/admin/points/{page}/").status_code
        for page in ("order", "redemption", "reward", "transaction")
    ] == [200] * 4
    assert [as_(mo).get(f"/admin/points/{page}/").status_code for page in ("code", "account")] == [403] * 2
    assert as_(root).get("/admin/points/code/").status_code == 200


@pytest.mark.parametrize("page", ["order/?state=all", "redemption/", "transaction/", "reward/", "account/"])
def test_ten_more_rows_cost_no_more_queries(page, order, root, as_):
    browser = as_(root)

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/admin/points/{page}").status_code == 200
        return len(captured)

    order()
    count()
    before = count()
    for _each in range(10):
        order()
    assert count() <= before
