"""A planted code and a planted address appear nowhere but where their owner reveals them and where parcels are packed."""

from __future__ import annotations

import logging

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from community.api.views import document
from community.audit.models import LogEntry
from points.models import Order, Redemption
from points.tasks import warn_low_stock
from profiles.mail.deliveries import send_due
from profiles.models import Delivery

CODE, STREET, NAME = "CANARY-7Q4M-CODE", "Canary Lane 99", "Canary Birdsong"
CANARIES = (CODE, STREET, NAME)
ADDRESS = {"name": NAME, "address_line1": STREET, "city": "Berlin", "postal_code": "10435", "country": "DE"}


@pytest.fixture
def planted(alice, mo, root, give, credit, reward, as_, caplog):
    """Alice has the code and a parcel, by the page and by the API; admins filled, packed and sent. Everything was logged."""
    caplog.set_level(logging.DEBUG)
    give(alice, 100)
    voucher, sticker = (
        credit("voucher", [], low_stock=9),
        reward("sticker", stock=9, stocked=9, needs_address=True, member_limit=None),
    )
    as_(root).post(f"/admin/points/reward/{voucher.pk}/codes/", {"text": CODE})
    browser = as_(alice)
    json = {"content_type": "application/json"}
    for _twice in range(2):
        answer = browser.post("/api/v1/rewards/voucher/redeem/", {}, headers={"Idempotency-Key": "k"}, **json)
        assert answer.json()["code"] == CODE
    for _each in range(2):
        browser.post("/community/rewards/sticker/redeem/")
    first, second = Redemption.objects.filter(reward=sticker).order_by("id")
    browser.post(f"/community/redemptions/{first.pk}/order/", {**ADDRESS, "postal_code": "1"})
    browser.post(f"/community/redemptions/{first.pk}/order/", ADDRESS)
    browser.put(f"/api/v1/redemptions/{second.pk}/order/", {**ADDRESS, "country": "Nowhere"}, **json)
    browser.put(f"/api/v1/redemptions/{second.pk}/order/", ADDRESS, **json)
    orders = {ACTION_CHECKBOX_NAME: [one.pk for one in Order.objects.all()]}
    for action in ("pack", "export"):
        assert STREET in as_(mo).post("/admin/points/order/", {**orders, "action": action}).content.decode()
    as_(mo).post(
        "/admin/points/order/", {ACTION_CHECKBOX_NAME: [first.order.pk], "action": "send", "confirm": "yes"}
    )
    warn_low_stock()
    return Redemption.objects.get(reward=voucher)


def _found(text, where):
    return [f"{canary} in {where}" for canary in CANARIES if canary in text]


def test_its_owner_reveals_the_code_and_the_log_says_so(planted, alice, as_):
    assert CODE in as_(alice).post(f"/community/redemptions/{planted.pk}/code/").content.decode()
    assert LogEntry.objects.filter(action="code.shown").count() == 1


def test_no_database_row_holds_the_code_in_clear(planted):
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for canary in CANARIES:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{canary}%"])
                found += [f"{canary} in {table}"] if cursor.fetchone()[0] else []
    assert found == []


def test_cache_log_and_emails_do_not_hold_the_code(planted, caplog):
    Delivery.objects.update(next_attempt_at=planted.created_at)
    send_due()
    assert mail.outbox
    found = [
        one
        for letter in mail.outbox
        for one in _found(letter.message().as_string() + letter.body, letter.subject)
    ]
    found += _found(caplog.text, "the log")
    client = cache._cache.get_client(None, write=True)
    for key in client.scan_iter(count=500):
        value = client.get(key) if client.type(key) == b"string" else b""
        found += _found(f"{key!r} {value!r}", f"the cache at {key!r}")
    assert found == []


def test_django_admin_does_not_show_the_code(planted, root, as_):
    browser, found, looked = as_(root), [], 0
    for model in admin.site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        rows = model._default_manager.order_by("-pk").values_list("pk", flat=True)[:5]
        for path in (place, f"{place}?state=all", *(f"{place}{pk}/change/" for pk in rows)):
            answer = browser.get(path)
            looked += answer.status_code == 200
            found += _found(answer.content.decode(), path)
    assert found == []
    assert looked > 30


@pytest.mark.parametrize("who", ["bob", "mo", "root"])
def test_code_is_not_shown_to_others_by_api_or_page(who, planted, alice, request, as_):
    browser, found = as_(request.getfixturevalue(who)), []
    paths = [path for path, does in document("en")["paths"].items() if "get" in does and "{" not in path]
    profile = alice.get_absolute_url()
    paths += [
        profile,
        f"{profile}?tab=points",
        f"{profile}?tab=achievements",
        "/community/points/",
        "/outbox/",
    ]
    paths += [f"/api/v1/redemptions/{one.pk}/order/" for one in Redemption.objects.all()]
    paths += [reverse("redemption-order", args=[one.pk]) for one in Redemption.objects.all()]
    for path in paths:
        found += _found(browser.get(path, follow=True).content.decode(), path)
    assert browser.post(f"/community/redemptions/{planted.pk}/code/").status_code == 404
    assert found == []
    assert len(paths) > 20


def test_error_page_does_not_show_the_code(planted, alice, as_, settings, caplog):
    """With the key lost nothing can be read: neither the page nor the log may help."""
    browser = as_(alice)
    browser.raise_request_exception = False
    settings.CODES_KEY, settings.CODES_KEY_OLD = "another key, long enough to be one", []
    answer = browser.post(f"/community/redemptions/{planted.pk}/code/")
    assert answer.status_code == 500
    assert _found(answer.content.decode() + caplog.text, "the error") == []


def test_refund_erases_the_shipping_address(planted, alice, mo, as_):
    waiting = Order.objects.get(sent_at=None).redemption
    as_(mo).post(
        "/admin/points/redemption/",
        {ACTION_CHECKBOX_NAME: [waiting.pk], "action": "refund", "confirm": "yes", "reason": "out of paper"},
    )
    assert (
        STREET
        not in as_(mo)
        .post("/admin/points/order/?state=all", {ACTION_CHECKBOX_NAME: [waiting.order.pk], "action": "pack"})
        .content.decode()
    )
