"""Admins hear when a reward runs out: once until it is filled again."""

from __future__ import annotations

from points.actions.codes import upload_codes
from points.actions.redemptions import redeem
from points.actions.rewards import set_stock
from points.tasks import warn_low_stock
from profiles.models import Notification


def _told(profile):
    return [
        one.title for one in Notification.objects.filter(profile=profile, kind="low-stock").order_by("id")
    ]


def test_low_stock_notifies_admins_once_per_refill(alice, mo, root, give, credit, committed):
    give(alice, 50)
    voucher = credit("voucher", ["A", "B", "C"], low_stock=2, member_limit=None)
    redeem(alice, voucher)
    assert warn_low_stock() == 0
    for _each in range(2):
        redeem(alice, voucher)
        assert warn_low_stock() == 1
    assert _told(root) == ["Only 1 of Voucher is left."]
    upload_codes(root, voucher, "D")
    warn_low_stock()
    assert _told(root) == ["Only 1 of Voucher is left.", "Only 1 of Voucher is left."]
    assert _told(mo) == _told(alice) == []


def test_products_are_watched_and_those_without_a_limit_never_run_out(root, reward):
    mug, talk = reward("mug", low_stock=3), reward("talk")
    set_stock(root, mug, units=2)
    warn_low_stock()
    assert _told(root) == ["Only 2 of Mug are left."]
    assert talk.stock is None
