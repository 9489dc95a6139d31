"""Helper processes that hang, die or take too much memory: the caller hears of it, and the next one is served."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from community.lib.helper_pool import Busy, Crashed, HelperPool, TooSlow

LONG = 60.0


@pytest.fixture
def pool() -> Iterator[HelperPool]:
    pool = HelperPool("tests.lib.unruly", size=2, memory=512 * 1024 * 1024)
    yield pool
    pool.close()


def answer(pool: HelperPool) -> tuple[dict, list[bytes]]:
    return pool.ask({"do": "echo"}, [b"one", b"\x00two"], deadline=LONG, queue=LONG)


def test_bytes_go_there_and_back(pool: HelperPool) -> None:
    assert answer(pool)[1] == [b"one", b"\x00two"]


@pytest.mark.parametrize(
    ("do", "deadline", "refusal"),
    [("hang", 0.05, TooSlow), ("die", LONG, Crashed), ("eat", LONG, Crashed), ("fail", LONG, Crashed)],
)
def test_a_helper_gone_wrong_is_an_error_and_the_next_answers(
    pool: HelperPool, do: str, deadline: float, refusal: type
) -> None:
    with pytest.raises(refusal):
        pool.ask({"do": do}, deadline=deadline, queue=LONG)
    assert answer(pool)[1] == [b"one", b"\x00two"]


def test_a_helper_that_died_while_idle_is_replaced(pool: HelperPool) -> None:
    first = answer(pool)[0]["pid"]
    with pytest.raises(Crashed):
        pool.ask({"do": "die"}, deadline=LONG, queue=LONG)
    assert answer(pool)[0]["pid"] != first


def test_the_total_bounds_the_start_too(pool: HelperPool) -> None:
    with pytest.raises(Busy):
        pool.ask({"do": "hang"}, deadline=LONG, queue=LONG, total=0.001)


def test_guests_cannot_keep_every_helper_from_members(pool: HelperPool) -> None:
    answer(pool)
    refused = threading.Event()

    def hang_as_guest() -> None:
        with pytest.raises((TooSlow, Busy)):
            pool.ask({"do": "hang"}, deadline=2, queue=0, guest=True)
        refused.set()

    guests = [threading.Thread(target=hang_as_guest) for _ in range(3)]
    for guest in guests:
        guest.start()
    served = 0
    while not refused.is_set() or served < 5:
        answer(pool)
        served += 1
    for guest in guests:
        guest.join()
    with pytest.raises(TooSlow):
        pool.ask({"do": "hang"}, deadline=0.05, queue=0, guest=True)


def test_nobody_waits_longer_than_the_queue_allows() -> None:
    pool = HelperPool("tests.lib.unruly", size=1, memory=512 * 1024 * 1024)
    together, outcomes = threading.Barrier(2), []

    def hang() -> None:
        together.wait()
        try:
            pool.ask({"do": "hang"}, deadline=1, queue=0)
        except (Busy, TooSlow) as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=hang) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.close()
    assert set(outcomes) == {Busy, TooSlow}
