"""Spending points: what is refused and why, once for each key, and given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from community.audit.models import LogEntry
from community.lib.errors import Conflict
from points.actions.redemptions import fulfil, redeem, refund, reveal_code
from points.actions.rewards import retire_reward, set_stock
from points.models import Code, Redemption
from points.queries.ledger import balance_of
from points.queries.verify import mismatches


@pytest.fixture(autouse=True)
def _the_ledger_holds(db):
    yield
    assert list(mismatches()) == []


def _refusal(profile, reward):
    with pytest.raises(Conflict) as refused:
        redeem(profile, reward)
    return refused.value.code


def test_points_are_spent_and_the_unit_reserved(alice, give, reward):
    give(alice, 25)
    mug = reward("mug", price=20, stock=3)
    redemption = redeem(alice, mug)
    mug.refresh_from_db()
    assert (balance_of(alice.pk), mug.stock, redemption.state) == (5, 2, "reserved")


def test_a_credit_brings_a_code_that_only_its_owner_reads(alice, bob, give, credit):
    give(alice, 10)
    redemption = redeem(alice, credit("voucher", ["CANARY-1", "CANARY-2"]))
    assert redemption.state == "fulfilled"
    assert reveal_code(alice, redemption) == "CANARY-1"
    assert (
        LogEntry.objects.filter(
            action="code.shown", target=f"redemption:{redemption.pk}", actor_id=alice.pk
        ).count()
        == 1
    )
    with pytest.raises(PermissionDenied):
        reveal_code(bob, redemption)
    assert not Code.objects.filter(sealed__contains="CANARY").exists()


def test_the_same_key_redeems_once(alice, give, reward):
    give(alice, 100)
    mug, cup = reward("mug", member_limit=None), reward("cup")
    assert redeem(alice, mug, key="one").pk == redeem(alice, mug, key="one").pk
    assert redeem(alice, mug, key="two").pk != redeem(alice, mug, key="one").pk
    assert balance_of(alice.pk) == 80
    with pytest.raises(Conflict) as refused:
        redeem(alice, cup, key="one")
    assert refused.value.code == "idempotency_key_reused"


def test_each_refusal_has_its_code(alice, bob, give, reward, credit, root):
    give(alice, 10)
    now = timezone.now()
    later, over = (
        reward("later", opens_at=now + timedelta(days=1)),
        reward("over", closes_at=now - timedelta(days=1)),
    )
    hidden, gone = reward("hidden", published_at=None), retire_reward(root, reward("gone"))
    others, higher = (
        reward("others", audience="chosen"),
        reward("higher", audience="level", audience_value="9"),
    )
    others.chosen.add(bob)
    assert {_refusal(alice, one) for one in (later, over, hidden, gone, others, higher)} == {"unavailable"}
    assert _refusal(alice, reward("dear", price=11)) == "insufficient_points"
    assert _refusal(alice, reward("none", stock=0)) == "out_of_stock"
    assert _refusal(alice, credit("empty", [])) == "out_of_stock"
    mug = reward("mug", price=5)
    redeem(alice, mug)
    assert _refusal(alice, mug) == "limit_reached"
    assert balance_of(alice.pk) == 5


def test_an_account_must_be_verified_old_enough_and_free(alice, sam, person, give, reward, settings):
    mug = reward("mug")
    give(alice, 10)
    for who in (sam, person("new", verified=False), None):
        with pytest.raises(PermissionDenied):
            redeem(who, mug)
    settings.REDEEM_MIN_AGE_HOURS = 72
    with pytest.raises(PermissionDenied, match="72 hours"):
        redeem(alice, mug)
    alice.created_at -= timedelta(hours=73)
    alice.save()
    with pytest.raises(PermissionDenied, match="72 hours"):
        redeem(alice, mug)  # an imported profile is old, the account that claimed it is not
    alice.user.date_joined -= timedelta(hours=73)
    alice.user.save()
    assert redeem(alice, mug).price == 10


def test_a_refund_gives_points_and_unit_back_and_frees_the_limit(alice, mo, bob, give, reward):
    give(alice, 10)
    mug = reward("mug", stock=1)
    redemption = redeem(alice, mug)
    with pytest.raises(PermissionDenied):
        refund(bob, redemption)
    assert refund(mo, redemption, reason="broken").state == "refunded"
    refund(mo, redemption)
    mug.refresh_from_db()
    assert (balance_of(alice.pk), mug.stock) == (10, 1)
    assert redeem(alice, mug).pk != redemption.pk


def test_a_refunded_code_is_not_given_out_again(alice, mo, give, credit):
    give(alice, 10)
    voucher = credit("voucher", ["A", "B"])
    refund(mo, redeem(alice, voucher))
    assert reveal_code(alice, redeem(alice, voucher)) == "B"


def test_refund_after_delivery_costs_the_unit(alice, mo, give, reward):
    give(alice, 10)
    talk = reward("talk", stock=2)
    redemption = redeem(alice, talk)
    fulfil(mo, redemption)
    assert Redemption.objects.get().state == "fulfilled"
    refund(mo, redemption)
    talk.refresh_from_db()
    assert (talk.stock, talk.stocked) == (1, 1)


def test_stock_set_anew_still_adds_up(alice, root, mo, give, reward):
    give(alice, 30)
    mug = reward("mug", member_limit=None)
    redeem(alice, mug)
    set_stock(root, mug, units=1)
    redeem(alice, mug)
    assert _refusal(alice, mug) == "out_of_stock"
    set_stock(root, mug, units=None)
    redeem(alice, mug)
