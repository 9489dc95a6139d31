"""Points by the API: balance, history with codes, redeeming with a key, an address."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.audit.models import LogEntry
from community.lib import ratelimit
from points.actions.redemptions import REVEALS_PER_HOUR, redeem, refund
from points.models import Redemption
from points.queries.ledger import balance_of
from profiles.models import IdempotencyRecord

ADDRESS = {
    "name": "Alice",
    "address_line1": "Birdcage 7",
    "city": "Berlin",
    "postal_code": "10435",
    "country": "DE",
}


def _redeem(client, slug, body=None, key="k-1"):
    return client.post(
        f"/api/v1/rewards/{slug}/redeem/",
        body or {},
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def _put(client, redemption_id, body):
    return client.put(f"/api/v1/redemptions/{redemption_id}/order/", body, content_type="application/json")


def test_api_returns_balance_and_next_reward(alice, as_, give, reward):
    give(alice, 40)
    reward("mug", price=60)
    answer = as_(alice).get("/api/v1/points/")
    assert answer.json() == {
        "balance": 40,
        "next_reward": {"slug": "mug", "title": "Mug", "price": 60, "missing": 20},
    }
    assert answer["Cache-Control"] == "no-store, private"
    assert as_(alice).get("/api/v1/me/").json()["points"] == 40


def test_api_rewards_say_whether_they_are_available(alice, as_, reward):
    reward("mug", price=60)
    reward("gone", price=5, stock=0)
    reward("others", audience="chosen")
    rows = as_(alice).get("/api/v1/rewards/").json()["results"]
    assert [(row["slug"], row["kind"], row["price"], row["available"]) for row in rows] == [
        ("gone", "product", 5, False), ("mug", "product", 60, True),
    ]  # fmt: skip


def test_a_credit_is_redeemed_once_for_a_key(alice, as_, give, credit):
    give(alice, 100)
    credit("voucher", ["CANARY-1", "CANARY-2"], price=30, member_limit=None)
    client = as_(alice)
    first, again = _redeem(client, "voucher"), _redeem(client, "voucher")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.json()["code"] == "CANARY-1"
    assert first.json()["store_url"] == "https://shop.example.com/discount/CANARY-1"
    other = _redeem(client, "voucher", {"note": "another body"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert (balance_of(alice.pk), Redemption.objects.count()) == (70, 1)
    assert "CANARY" not in str(IdempotencyRecord.objects.values_list("answer", flat=True)[0])


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"price": 50}, "insufficient_points"), ({"stock": 0}, "out_of_stock"), ({"member_limit": 0}, "limit_reached"),
     ({"audience": "level", "audience_value": "5"}, "unavailable")],
)  # fmt: skip
def test_refusals_have_their_codes(fields, code, alice, as_, give, reward):
    give(alice, 10)
    reward("mug", **fields)
    answer = _redeem(as_(alice), "mug")
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert balance_of(alice.pk) == 10


def test_api_lists_have_code_urls_and_no_codes(alice, bob, as_, give, credit, reply):
    give(bob, 10)
    redemption = redeem(bob, credit("voucher", ["CANARY-1"]))
    rows = as_(bob).get("/api/v1/points/transactions/").json()["results"]
    url = f"/api/v1/redemptions/{redemption.pk}/code/"
    assert [(row["kind"], row["amount"], row["code"], (row["code_url"] or "")[-len(url) :]) for row in rows] == [
        ("redemption", -10, None, url), ("gift", 10, None, ""), ("reply", 1, None, ""),
    ]  # fmt: skip
    [row] = as_(bob).get("/api/v1/redemptions/").json()["results"]
    assert (row["code"], row["store_url"], row["code_url"][-len(url) :]) == (None, None, url)
    assert not LogEntry.objects.filter(action="code.shown").exists()
    assert rows[2]["reason"] == "Why is the export empty?"
    assert rows[2]["url"].endswith(reply.get_absolute_url())
    assert "CANARY" not in as_(alice).get("/api/v1/points/transactions/").content.decode()


def test_a_code_is_shown_to_its_owner_and_logged_each_time(alice, bob, as_, give, credit):
    give(bob, 10)
    url = f"/api/v1/redemptions/{redeem(bob, credit('voucher', ['CANARY-1'])).pk}/code/"
    answer = as_(bob).post(url)
    assert (answer.status_code, answer.json()["code"], answer["Cache-Control"]) == (
        200,
        "CANARY-1",
        "no-store, private",
    )
    assert LogEntry.objects.filter(action="code.shown", actor_id=bob.pk).count() == 1
    assert (as_(alice).post(url).status_code, as_(bob).get(url).status_code) == (404, 405)


def test_codes_are_shown_sixty_times_an_hour_by_page_and_api_together(bob, as_, give, credit):
    give(bob, 10)
    redemption = redeem(bob, credit("voucher", ["CANARY-1"]))
    for _turn in range(REVEALS_PER_HOUR):
        ratelimit.check("reveal", str(bob.pk), limit=REVEALS_PER_HOUR, seconds=3600)
    assert as_(bob).post(f"/api/v1/redemptions/{redemption.pk}/code/").status_code == 429
    assert as_(bob).post(f"/community/redemptions/{redemption.pk}/code/").status_code == 429


def test_a_refunded_code_is_shown_no_more(bob, root, as_, give, credit):
    give(bob, 10)
    redemption = redeem(bob, credit("voucher", ["CANARY-1"]))
    refund(root, redemption)
    [row] = as_(bob).get("/api/v1/redemptions/").json()["results"]
    assert row["code_url"] is None
    assert as_(bob).post(f"/api/v1/redemptions/{redemption.pk}/code/").status_code in (404, 409)


def test_api_order_takes_a_shipping_address_and_never_returns_it(alice, bob, as_, give, reward):
    give(alice, 10)
    reward("sticker", needs_address=True)
    client = as_(alice)
    made = _redeem(client, "sticker").json()
    assert made["code"] is None
    assert made["order_url"].endswith(f"/api/v1/redemptions/{made['id']}/order/")
    assert client.get(made["order_url"]).json()["state"] == "waiting"
    wrong = _put(client, made["id"], {**ADDRESS, "country": "Germany"})
    assert (wrong.status_code, list(wrong.json())) == (400, ["country"])
    answer = _put(client, made["id"], ADDRESS)
    assert (answer.status_code, answer.json()["state"]) == (200, "ordered")
    assert "Birdcage" not in answer.content.decode() + client.get("/api/v1/redemptions/").content.decode()
    assert _put(as_(bob), made["id"], ADDRESS).status_code == 404


@pytest.mark.parametrize("path", ["points/transactions/", "rewards/", "redemptions/"])
def test_ten_more_rows_cost_no_more_queries(path, alice, as_, give, credit):
    def add(number):
        give(alice, 10)
        redeem(alice, credit(f"v-{number}", [f"C-{number}", "D"]))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/{path}").status_code == 200
        return len(captured.captured_queries)

    client = as_(alice)
    add(0)
    client.get(f"/api/v1/{path}")
    few = queries()
    for number in range(1, 11):
        add(number)
    assert queries() <= few
