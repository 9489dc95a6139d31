"""Redeeming while the server is killed and PostgreSQL crashes: both halves or neither, and what was acknowledged is there.

`make proof` kills 40 times and crashes PostgreSQL five times.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.points.crashing import PATIENCE_SECONDS, Burst, House
from tests.proof import sizes

PRICES = {"sticker": 2, "voucher": 3}

pytestmark = pytest.mark.slow


@pytest.fixture
def folder():
    """Not pytest's: that one closes to PostgreSQL's user whenever another run begins, and here the server starts again."""
    made = Path(tempfile.mkdtemp(prefix="hearth-crash-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize("size", sizes(kills=(3, 40), crashes=(1, 5), members=(40, 120), codes=(2000, 8000)))
def test_redemptions_survive_kills_and_crashes_whole_or_not_at_all(folder, size, proof_figures):
    house = House(folder, members=size["members"], codes=size["codes"])
    try:
        burst = _suffer(house, kills=size["kills"], crashes=size["crashes"])
        acknowledged = {key: one for key, one in burst.known.items() if isinstance(one[2], int)}
        _resend_the_unanswered(burst)
        _agree(house, burst, acknowledged)
        assert "The ledger holds" in house.manage("verify_ledger")
        statuses = Counter(burst.statuses)
        assert statuses[500] == 0, statuses
        proof_figures(
            answers_500=0,
            answers_503=statuses[503],
            kills=size["kills"],
            crashes=size["crashes"],
            acknowledged=len(acknowledged),
            lost=0,
            doubled=0,
        )
    finally:
        house.stop()


def _suffer(house: House, *, kills: int, crashes: int) -> Burst:
    chance = random.Random(11)
    harm = [house.kill_a_worker if number % 4 else house.kill_everything for number in range(kills)] + [
        house.crash_postgres
    ] * crashes
    chance.shuffle(harm)
    with Burst(house) as burst:
        for act in harm:
            _wait_for_answers(burst, 10)
            time.sleep(chance.random() / 2)  # a random moment, not a proof
            act()
            house.wait_until_ready()
        _wait_for_answers(burst, 10)
    return burst


def _wait_for_answers(burst: Burst, count: int) -> None:
    """Wait until so many more were redeemed, so that every blow falls into work."""
    until, wanted = time.monotonic() + PATIENCE_SECONDS, burst.statuses.count(201) + count
    while burst.statuses.count(201) < wanted:
        assert time.monotonic() < until, Counter(burst.statuses)
        time.sleep(0.02)


def _resend_the_unanswered(burst: Burst) -> None:
    """Whoever got no answer asks again with the same key, as a client does."""
    for _try in range(60):
        left = [(key, one[0], one[1]) for key, one in burst.known.items() if one[2] is None]
        if not left:
            return
        burst.house.wait_until_ready()
        for key, member, slug in left:
            burst.send(member, slug, key)
        time.sleep(0.5)
    raise AssertionError(f"{len(left)} keys have no answer")


def _agree(house: House, burst: Burst, acknowledged: dict) -> None:
    """Compare with a model that knows nothing of the tables: each key that was answered with an id is one redemption."""
    redeemed = {one[2]: (one[0], one[1]) for one in burst.known.values() if isinstance(one[2], int)}
    assert len(redeemed) == sum(isinstance(one[2], int) for one in burst.known.values()), (
        "one redemption answered two keys"
    )
    rows = house.ask(
        "SELECT r.id, r.profile_id, w.slug FROM points_redemption r JOIN points_reward w ON w.id = r.reward_id"
    )
    assert {pk: (who, slug) for pk, who, slug in rows} == redeemed
    assert {one[2] for one in acknowledged.values()} <= set(redeemed)
    spent: Counter = Counter()
    for who, slug in redeemed.values():
        spent[who] += PRICES[slug]
    balances = dict(house.ask("SELECT profile_id, balance FROM points_account WHERE kind = 'wallet'"))
    assert balances == {who: 100_000 - spent[who] for who in house.keys}
    assert len(balances) == len(house.keys)
    codes = house.ask(
        "SELECT count(*), count(DISTINCT redemption_id) FROM points_code WHERE redemption_id IS NOT NULL"
    )
    vouchers = sum(slug == "voucher" for _who, slug in redeemed.values())
    assert codes == [(vouchers, vouchers)]
    assert house.ask("SELECT stock FROM points_reward WHERE slug = 'sticker'") == [
        (20_000 - (len(redeemed) - vouchers),)
    ]
    assert house.ask("SELECT count(*) FROM points_transaction WHERE kind = 'redemption'") == [
        (len(redeemed),)
    ]
