"""What somebody would try who wants more than is theirs, and what comes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from community.lib.errors import Conflict
from forums.actions.posts import delete_post
from forums.actions.solutions import mark_solution
from moderation.actions.posts import hide_post
from points.actions.codes import withdraw_code
from points.actions.orders import mark_sent, place_order
from points.actions.redemptions import redeem, refund, reveal_code
from points.actions.rewards import save_reward, set_stock
from points.models import Code, Kind, Redemption, Reward, Transaction
from points.queries.ledger import balance_of
from points.queries.verify import mismatches

ADDRESS = {
    "name": "Alice",
    "address_line1": "Birdcage 7",
    "city": "Berlin",
    "postal_code": "10435",
    "country": "DE",
}


@pytest.fixture(autouse=True)
def _the_ledger_holds(db):
    yield
    assert list(mismatches()) == []


def _at_once(*calls):
    """Run the calls in threads that start together; return what each answered, a refusal as its exception."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        except (Conflict, PermissionDenied) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_price_that_rose_while_the_page_was_open_spends_nothing(alice, root, as_, give, reward):
    give(alice, 50)
    mug, browser = reward("mug", price=10, member_limit=None), as_(alice)
    page = browser.get(f"{alice.get_absolute_url()}?tab=points&redeem=mug").content.decode()
    assert 'name="price" value="10"' in page
    mug.price = 40
    save_reward(root, mug)
    answer = browser.post("/community/rewards/mug/redeem/", {"key": "k", "price": "10"}, follow=True)
    assert "The price changed to 40 points. No points were spent." in answer.content.decode()
    api = browser.post("/api/v1/rewards/mug/redeem/", {"price": 10}, content_type="application/json")
    assert (api.status_code, api.json()["code"]) == (409, "price_changed")
    assert balance_of(alice.pk) == 50
    assert (
        browser.post(
            "/api/v1/rewards/mug/redeem/", {"price": "free"}, content_type="application/json"
        ).status_code
        == 400
    )


@pytest.mark.parametrize("price", ["-10", "0", "10.0", "９", "1" * 400, "\x00"])
def test_a_price_of_ones_own_is_no_price(price, alice, as_, give, reward):
    give(alice, 50)
    reward("mug", price=10)
    assert as_(alice).post("/community/rewards/mug/redeem/", {"key": price, "price": price}).status_code in (
        302,
        400,
    )
    assert balance_of(alice.pk) in (40, 50)


def test_a_reward_cannot_cost_less_than_nothing(root, reward):
    for fields in ({"price": 0}, {"price": -5}, {"cost": -1}):
        with pytest.raises(ValidationError):
            save_reward(root, Reward(slug="x", title="X", **{"price": 1, **fields}))
    with pytest.raises(IntegrityError), transaction.atomic():
        reward("y", cost=-1)


def test_a_refunded_code_is_shown_no_more(alice, mo, as_, give, credit):
    give(alice, 10)
    redemption = redeem(alice, credit("voucher", ["CANARY-1"]))
    refund(mo, redemption)
    with pytest.raises(Conflict):
        reveal_code(alice, redemption)
    browser = as_(alice)
    answer = browser.post(f"/community/redemptions/{redemption.pk}/code/")
    assert answer.status_code == 409
    texts = [answer, browser.get("/api/v1/redemptions/"), browser.get("/api/v1/points/transactions/")]
    assert all("CANARY" not in one.content.decode() for one in texts)


def test_moderator_cannot_refund_themselves(mo, tess, give, reward):
    give(mo, 10)
    redemption = redeem(mo, reward("mug", needs_address=True))
    mark_sent(mo, place_order(mo, redemption, ADDRESS))
    with pytest.raises(PermissionDenied):
        refund(mo, redemption)
    refund(tess, redemption)
    assert balance_of(mo.pk) == 10


def test_what_was_earned_spent_and_taken_back_must_be_earned_again(
    alice, bob, mo, reward, thread, reply, as_
):
    reward("mug", price=6, member_limit=None)
    mark_solution(alice, reply)
    redeem(bob, Reward.objects.get())
    hide_post(mo, reply, reason="copied")
    assert balance_of(bob.pk) == -6
    with pytest.raises(Conflict) as refused:
        redeem(bob, Reward.objects.get())
    assert refused.value.code == "insufficient_points"
    page = as_(bob).get("/community/points/", follow=True).content.decode()
    assert "12 to go" in page
    delete_post(mo, reply, reason="copied")
    assert balance_of(bob.pk) == -6


@pytest.mark.parametrize(
    "path",
    ["/community/redemptions/{}/order/", "/community/redemptions/{}/code/", "/api/v1/redemptions/{}/order/"],
)
def test_numbers_that_are_none_find_nothing(path, alice, as_):
    for number in ("0", "99999999999999999999999999", "-1", "1e3"):
        browser = as_(alice)
        assert browser.post(path.format(number)).status_code in (404, 405)
        assert browser.get(path.format(number)).status_code in (404, 405)


def test_a_form_sent_again_and_again_is_one_redemption(alice, as_, give, reward):
    give(alice, 90)
    reward("mug", member_limit=None)
    browser, form = as_(alice), {"key": "drawn with the page", "price": "10"}
    for _each in range(3):
        assert browser.post("/community/rewards/mug/redeem/", form).status_code == 302
    assert (balance_of(alice.pk), Redemption.objects.count()) == (80, 1)


@pytest.mark.django_db(transaction=True)
def test_ten_refunds_at_once_give_back_once(alice, mo, give, reward):
    give(alice, 10)
    mug = reward("mug", stock=3)
    redemption = redeem(alice, mug)
    _at_once(*[lambda: refund(mo, redemption)] * 10)
    mug.refresh_from_db()
    assert (balance_of(alice.pk), mug.stock) == (10, 3)
    assert Transaction.objects.filter(kind=Kind.REFUND).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sending_and_refunding_at_once_is_one_of_them(alice, mo, tess, give, reward):
    give(alice, 60)
    mug = reward("mug", stock=9, stocked=9, needs_address=True, member_limit=None)
    for _each in range(6):
        redemption = redeem(alice, mug)
        order = place_order(alice, redemption, ADDRESS)
        answers = _at_once(lambda order=order: mark_sent(mo, order), lambda one=redemption: refund(tess, one))
        redemption.refresh_from_db()
        order.refresh_from_db()
        assert redemption.refunded_at is not None
        # Sent first: it was on its way and is refunded after all. Refunded first: it never goes.
        assert isinstance(answers[0], Conflict) == (order.sent_at is None)
    assert balance_of(alice.pk) == 60


@pytest.mark.django_db(transaction=True)
def test_stock_set_while_everybody_redeems_still_adds_up(person, root, give, reward):
    people = [person(f"s{number}") for number in range(8)]
    for who in people:
        give(who, 100)
    mug = reward("mug", stock=4, member_limit=None)
    for units in (3, None, 2, 0, 5):
        calls = [lambda who=who: redeem(who, mug) for who in people]
        _at_once(*calls, lambda units=units: set_stock(root, mug, units=units))
        assert list(mismatches()) == []


@pytest.mark.django_db(transaction=True)
def test_a_code_taken_out_while_it_is_claimed_is_one_of_them(person, root, give, credit):
    people = [person(f"c{number}") for number in range(5)]
    for who in people:
        give(who, 10)
    voucher = credit("voucher", [f"C-{number}" for number in range(5)])
    codes = list(Code.objects.all())
    answers = _at_once(
        *[lambda who=who: redeem(who, voucher) for who in people],
        *[lambda one=one: withdraw_code(root, one) for one in codes],
    )
    won = [one for one in answers if isinstance(one, Redemption)]
    assert Code.objects.count() == len(won)
    assert set(Code.objects.values_list("redemption_id", flat=True)) == {one.pk for one in won}
