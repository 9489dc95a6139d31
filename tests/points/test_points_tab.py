"""The points tab: cards in their states, confirm in place, codes by POST only; with JavaScript off."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from points.actions.orders import place_order
from points.actions.redemptions import redeem
from points.models import Order, Redemption
from points.queries.ledger import balance_of

ADDRESS = {
    "name": "Alice Example",
    "address_line1": "Birdcage 7",
    "city": "Berlin",
    "postal_code": "10435",
    "country": "DE",
}


@pytest.fixture
def tab():
    return lambda who, **more: (
        f"{who.get_absolute_url()}?tab=points" + "".join(f"&{name}={value}" for name, value in more.items())
    )


def _text(answer):
    return answer.content.decode()


def test_the_owner_and_moderators_see_it_and_nobody_else(alice, bob, mo, as_, give, tab):
    give(alice, 7)
    assert "History" in _text(as_(alice).get(tab(alice)))
    shown = _text(as_(mo).get(tab(alice)))
    assert "History" in shown
    assert "Rewards" not in shown
    for stranger in (bob, None):
        assert "?tab=points" not in _text(as_(stranger).get(tab(alice)))


def test_cards_say_what_can_be_redeemed(alice, as_, give, reward, tab):
    give(alice, 20)
    reward("mug", price=15)
    reward("hoodie", price=50)
    reward("talk", price=5, stock=0)
    page = _text(as_(alice).get(tab(alice)))
    assert "Redeem Mug for 15 points" in page
    assert "30 to go" in page
    assert "Out of stock" in page
    assert "30 to go" in page
    assert "About 6 solutions away." in page


def test_redeeming_is_confirmed_and_spends_once(alice, as_, give, reward, tab):
    give(alice, 20)
    reward("mug", price=15, member_limit=None)
    browser = as_(alice)
    asked = browser.get(tab(alice, redeem="mug"))
    assert "Spend <strong>15 points</strong>? You’ll have 5 left." in _text(asked)
    for _press in range(2):
        answer = browser.post("/community/rewards/mug/redeem/", {"key": asked.context["key"]}, follow=True)
        assert "You redeemed Mug. You have 5 points left." in _text(answer)
    assert balance_of(alice.pk) == 5


def test_refused_redemption_says_why_and_spends_nothing(alice, as_, give, reward):
    give(alice, 5)
    reward("mug", price=15)
    answer = as_(alice).post("/community/rewards/mug/redeem/", follow=True)
    assert "You need 10 more points for this reward." in _text(answer)
    assert as_(alice).post("/community/rewards/nothing/redeem/").status_code == 404


def test_a_code_is_shown_on_request_only_and_kept_by_no_cache(alice, bob, mo, as_, give, credit, tab):
    give(alice, 20)
    redemption = redeem(alice, credit("voucher", ["CANARY 1/2"], terms="One use."))
    browser = as_(alice)
    assert "CANARY" not in _text(browser.get(tab(alice)))
    path = f"/community/redemptions/{redemption.pk}/code/"
    answer = browser.post(path)
    assert "CANARY 1/2" in _text(answer)
    assert "https://shop.example.com/discount/CANARY%201%2F2" in _text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "<html" not in _text(browser.post(path, headers={"HX-Request": "true"}))
    assert [as_(who).post(path).status_code for who in (bob, mo)] == [404, 404]
    assert as_(None).post(path).status_code == 302


def test_the_card_of_a_redeemed_credit_shows_where_the_code_is(alice, as_, give, credit, tab):
    give(alice, 15)
    voucher = credit("voucher", ["CANARY-1", "CANARY-2"], price=10)
    answer = as_(alice).post(f"/community/rewards/{voucher.slug}/redeem/", follow=True)
    card = _text(answer).split(f'id="reward-{voucher.slug}"')[1].split("</article>")[0]
    assert f"/community/redemptions/{alice.redemptions.get().pk}/code/" in card
    assert "Show code" in card and "CANARY" not in card


def test_an_order_says_what_is_missing_and_keeps_what_was_typed(alice, bob, as_, give, reward, tab):
    give(alice, 20)
    redemption = redeem(alice, reward("sticker", needs_address=True))
    browser, path = as_(alice), f"/community/redemptions/{redemption.pk}/order/"
    assert "Order now" in _text(browser.get(tab(alice, order=redemption.pk)))
    wrong = browser.post(path, {**ADDRESS, "postal_code": "1043"})
    assert wrong.status_code == 400
    assert "Enter a postcode of 5 digits." in _text(wrong)
    assert "Birdcage 7" in _text(wrong)
    assert as_(bob).post(path, ADDRESS).status_code == 404
    answer = browser.post(path, ADDRESS, follow=True)
    assert "Ordered." in _text(answer)
    assert "Birdcage" not in _text(answer)
    assert Order.objects.get().state == "ordered"


def test_the_history_pages_back(alice, as_, give, tab):
    for number in range(1, 48):
        give(alice, number)
    browser = as_(alice)
    first = browser.get(tab(alice))
    second = browser.get(tab(alice, before=first.context["older"]))
    third = browser.get(tab(alice, before=second.context["older"]))
    assert [len(one.context["rows"]) for one in (first, second, third)] == [20, 20, 7]
    assert third.context["older"] is None
    assert browser.get(tab(alice, before="x' or 1=1")).status_code == 200


def test_ten_more_rewards_and_rows_cost_no_more_queries(alice, as_, give, reward, credit, tab):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(tab(alice)).status_code == 200
        return len(captured.captured_queries)

    def redeem_one(number):
        give(alice, 50)
        redeem(alice, credit(f"credit-{number}", [f"C-{number}"]))
        place_order(alice, redeem(alice, reward(f"sticker-{number}", needs_address=True)), ADDRESS)
        reward(f"level-{number}", audience="level", audience_value="9")
        reward(f"held-{number}", audience="achievement", audience_value="steady-flame")

    browser = as_(alice)
    redeem_one(0)
    browser.get(tab(alice))
    few = queries()
    for number in range(1, 11):
        redeem_one(number)
    assert queries() <= few
    assert Redemption.objects.count() == 22
