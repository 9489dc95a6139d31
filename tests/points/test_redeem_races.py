"""Everybody at once: real threads on real PostgreSQL, and a replay that agrees. `make proof` runs the full size."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from community.lib.errors import Conflict
from points.actions.redemptions import redeem
from points.models import Code, Redemption, Reward
from points.queries.ledger import balance_of
from points.queries.verify import mismatches
from tests.proof import sizes

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTIONS = 20


def _all_at_once(calls, width=CONNECTIONS):
    """Run the calls in `width` threads that start together; return what each answered."""
    start = Barrier(min(width, len(calls)))

    def run(mine):
        start.wait()
        try:
            return [_answer(call) for call in mine]
        finally:
            connection.close()

    shares = [calls[number :: start.parties] for number in range(start.parties)]
    with ThreadPoolExecutor(start.parties) as pool:
        return [answer for answers in pool.map(run, shares) for answer in answers]


def _answer(call):
    try:
        return call()
    except Conflict as refusal:
        return refusal.code


@pytest.mark.parametrize("size", sizes(racers=(20, 100), rounds=(4, 20), width=(20, 90)))
def test_of_all_who_race_for_the_last_unit_one_wins(person, give, reward, credit, size, proof_figures):
    racers = [person(f"r{number}") for number in range(size["racers"])]
    for who in racers:
        give(who, 10 * size["rounds"])
    for number in range(size["rounds"]):
        last = (
            reward(f"last-{number}", stock=1) if number % 2 else credit(f"last-{number}", [f"CODE-{number}"])
        )
        answers = _all_at_once(
            [lambda who=who, last=last: redeem(who, last) for who in racers], size["width"]
        )
        won = [one for one in answers if isinstance(one, Redemption)]
        assert len(won) == 1, Counter(one for one in answers if isinstance(one, str))
        assert set(answers) - set(won) == {"out_of_stock"}
        assert list(mismatches()) == []
    proof_figures(racers=size["racers"], rounds=size["rounds"], winners=size["rounds"])


def test_a_hundred_redemptions_with_a_balance_for_one_are_one(alice, give, reward):
    give(alice, 19)
    mug = reward("mug", member_limit=None)
    answers = _all_at_once([lambda: redeem(alice, mug)] * 100)
    assert sum(isinstance(one, Redemption) for one in answers) == 1
    assert answers.count("insufficient_points") == 99
    assert balance_of(alice.pk) == 9


def test_one_key_sent_by_many_is_one_redemption(alice, give, reward):
    give(alice, 1000)
    mug = reward("mug", member_limit=None)
    answers = _all_at_once([lambda: redeem(alice, mug, key="one")] * 40)
    assert len({one.pk for one in answers}) == 1


@pytest.mark.parametrize("size", sizes(attempts=(300, 2000), width=(20, 90)))
def test_a_replay_of_what_was_acknowledged_agrees_with_the_tables(
    person, give, reward, credit, size, proof_figures
):
    chance = random.Random(5)
    people = [person(f"m{number}") for number in range(20)]
    rewards = [reward(f"p{number}", price=3 + number, stock=10, member_limit=None) for number in range(3)]
    rewards += [
        credit(f"c{number}", [f"{number}-{one}" for one in range(10)], price=2 + number, member_limit=2)
        for number in range(2)
    ]
    for who in people:
        give(who, 20)

    def attempt(who, what):
        return who.pk, what.pk, _answer(lambda: redeem(who, what))

    pairs = [(chance.choice(people), chance.choice(rewards)) for _attempt in range(size["attempts"])]
    answers = _all_at_once(
        [lambda who=who, what=what: attempt(who, what) for who, what in pairs], size["width"]
    )

    # The model knows nothing of the tables: it starts from what was given and applies what was acknowledged.
    balances, left = {who.pk: 20 for who in people}, {what.pk: 10 for what in rewards}
    prices, had = {what.pk: what.price for what in rewards}, Counter()
    for who, what, answer in answers:
        if isinstance(answer, Redemption):
            balances[who] -= prices[what]
            left[what] -= 1
            had[who, what] += 1
    assert min(balances.values()) >= 0
    assert min(left.values()) >= 0
    assert all(
        count <= 2
        for (_who, what), count in had.items()
        if prices[what] <= 3 and what in {one.pk for one in rewards[3:]}
    )
    assert {who.pk: balance_of(who.pk) for who in people} == balances
    free = {what.pk: Code.objects.filter(reward=what, redemption=None).count() for what in rewards[3:]}
    assert {**dict(Reward.objects.filter(kind="product").values_list("pk", "stock")), **free} == left
    assert Counter(Redemption.objects.values_list("profile_id", "reward_id")) == had
    assert list(mismatches()) == []
    proof_figures(attempts=size["attempts"], redeemed=sum(had.values()), oversold=0)


def test_racers_who_come_by_the_api_get_201_or_409_and_nothing_else(person, give, credit, as_):
    """The whole road, keys and answers kept included: each tries twice with one key, as after a lost answer."""
    people = [person(f"w{number}") for number in range(8)]
    for who in people:
        give(who, 20)
    browsers = [as_(who) for who in people]
    last = credit("last", ["CODE-1", "CODE-2", "CODE-3"])

    def attempt(browser, key):
        answer = browser.post(
            f"/api/v1/rewards/{last.slug}/redeem/",
            {},
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        return key, answer.status_code, answer.json().get("id") or answer.json()["code"]

    calls = [
        lambda one=one, number=number: attempt(one, f"key-{number}") for number, one in enumerate(browsers)
    ]
    answers = _all_at_once(calls * 2, width=16)
    assert Counter(status for _key, status, _what in answers) == {201: 6, 409: 10}
    won = {(key, what) for key, status, what in answers if status == 201}
    assert len(won) == Redemption.objects.count() == 3
    assert {what for _key, status, what in answers if status == 409} == {"out_of_stock"}
    assert list(mismatches()) == []
