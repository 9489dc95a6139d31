"""Rewards in Django admin: made, offered, filled and refused in words."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile

from community.audit.models import LogEntry
from community.lib.sealed import unseal
from points.actions.redemptions import redeem
from points.models import Code, Reward

FORM = {
    "kind": "product", "title": "Mug", "slug": "mug", "summary": "", "price": "40", "drawing": "mug", "terms": "", "position": "0",
    "member_limit": "1", "audience": "all", "audience_value": "", "store_url": "", "cost": "6.50", "low_stock": "5",
    "opens_at_0": "", "opens_at_1": "", "closes_at_0": "", "closes_at_1": "",
}  # fmt: skip


def test_admin_creates_and_publishes_a_reward(root, as_):
    browser = as_(root)
    assert browser.post("/admin/points/reward/add/", {**FORM, "needs_address": "on"}).status_code == 302
    mug = Reward.objects.get(slug="mug")
    assert (mug.price, mug.needs_address, mug.published_at) == (40, True, None)
    browser.post(f"/admin/points/reward/{mug.pk}/stock/", {"units": "3", "reason": "delivered"})
    offer = {ACTION_CHECKBOX_NAME: [mug.pk], "action": "publish", "confirm": "yes", "reason": "ready"}
    browser.post("/admin/points/reward/", offer)
    mug.refresh_from_db()
    assert (mug.stock, mug.stocked, mug.published_at is not None) == (3, 3, True)
    assert {"reward.made", "reward.stocked", "reward.published"} <= set(
        LogEntry.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price": "0"}, "at least 1 point"),
        ({"price": "-5"}, "greater than or equal to 0"),
        ({"price": "99999999999"}, "at most 1000000 points"),
        ({"cost": "-1"}, "cost of 0 or more"),
        ({"store_url": "http://shop.example.com/{code}"}, "https://"),
        ({"store_url": "https://{code}.example.com/x"}, "https://"),
        ({"store_url": "javascript:alert(1)//{code}"}, "https://"),
        ({"store_url": "https://shop.example.com/"}, "{code}"),
        ({"kind": "credit", "needs_address": "on"}, "no shipping address"),
        ({"audience": "level", "audience_value": "high"}, "number of the level"),
    ],
)  # fmt: skip
def test_what_nobody_could_redeem_is_refused_in_words(fields, words, root, as_):
    page = as_(root).post("/admin/points/reward/add/", {**FORM, **fields})
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Reward.objects.exists()


def test_saving_an_open_form_leaves_the_stock_alone(root, alice, give, reward, as_):
    mug, browser = reward("mug", price=40, stock=2), as_(root)
    give(alice, 40)
    redeem(alice, mug)
    browser.post(
        f"/admin/points/reward/{mug.pk}/change/", {**FORM, "price": "60", "stock": "99", "stocked": "99"}
    )
    mug.refresh_from_db()
    assert (mug.price, mug.stock, mug.stocked) == (60, 1, 2)


def test_codes_are_uploaded_pasted_or_generated_and_never_shown(root, credit, as_):
    voucher, browser = credit("voucher", []), as_(root)
    page = f"/admin/points/reward/{voucher.pk}/codes/"
    file = SimpleUploadedFile("codes.csv", "\ufeffcode,note\nCANARY-1,x\n".encode())
    assert b"Codes added: 1" in browser.post(page, {"file": file, "text": ""}, follow=True).content
    assert (
        b"Codes added: 1. Already known: 1"
        in browser.post(page, {"text": "CANARY-1\nCANARY-2"}, follow=True).content
    )
    assert b"3 codes generated." in browser.post(page, {"count": "3", "prefix": "shop"}, follow=True).content
    assert {"CANARY-1", "CANARY-2"} < {unseal(one.sealed) for one in Code.objects.all()}
    lists = [
        browser.get(f"/admin/points/{one}/").content.decode()
        for one in ("code", "reward", f"code/{Code.objects.first().pk}/change")
    ]
    assert all("CANARY" not in text for text in lists)


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00A", b"A" * 5_000_000, b"A-1\nA\x002\n", b'"A-1\n', b"", b"code\n"],
    ids=["utf-16", "huge", "nul", "open", "empty", "none"],
)
def test_a_file_that_holds_no_codes_is_refused_in_words(data, root, credit, as_):
    voucher = credit("voucher", [])
    answer = as_(root).post(
        f"/admin/points/reward/{voucher.pk}/codes/",
        {"file": SimpleUploadedFile("codes.csv", data), "text": ""},
    )
    assert answer.status_code == 400
    assert not Code.objects.exists()


def test_moderators_look_and_change_nothing(mo, credit, reward, as_):
    voucher, mug, browser = credit("voucher", []), reward("mug"), as_(mo)
    assert browser.get(f"/admin/points/reward/{mug.pk}/change/").status_code == 200
    assert browser.post(f"/admin/points/reward/{mug.pk}/change/", {**FORM, "price": "1"}).status_code == 403
    for page in (f"{voucher.pk}/codes", f"{mug.pk}/stock"):
        assert browser.get(f"/admin/points/reward/{page}/").status_code in (302, 403)
        assert browser.post(f"/admin/points/reward/{page}/", {"text": "A", "units": "5"}).status_code in (
            302,
            403,
        )
    mug.refresh_from_db()
    assert (mug.price, mug.stock, Code.objects.count()) == (10, None, 0)


def test_a_reward_is_never_deleted(root, reward, as_):
    mug = reward("mug")
    assert as_(root).post(f"/admin/points/reward/{mug.pk}/delete/", {"post": "yes"}).status_code == 403
