"""PostgreSQL is away, hangs or holds a lock: answers are 503 with a sentence, kept pages go on, and afterwards all is well.

Valkey hangs: limits stay in force.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import requests

from community.celery import app
from community.local.processes import kill_group, spawn
from forums.tasks import sweep_uploads
from tests.points.crashing import PATIENCE_SECONDS, ROOT, Answer, House
from tests.proof import sizes

LIMITS = {
    "DATABASE_CONNECT_TIMEOUT": "2",
    "DATABASE_STATEMENT_TIMEOUT": "4",
    "DATABASE_LOCK_TIMEOUT": "2",
    "PAGE_CACHE_SECONDS": "60",
    "LOG_LEVEL": "WARNING",
    "PYTEST_VERSION": "pages need no collected static files",
}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="hearth-faults-"))
    found = House(folder, members=3, codes=0, **LIMITS)
    yield found
    found.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def member(house: House) -> int:
    return next(iter(house.keys))


@pytest.fixture
def thread_page(house: House) -> str:
    return f"/questions/{house.slug}/"


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends, "it takes too long"
        time.sleep(0.05)


def settle(house: House) -> None:
    """Wait until both web processes have found PostgreSQL and Valkey again."""
    until(lambda: all(_is_well(house.request("GET", "/readyz")) for _each in range(12)))


def _is_well(answer: Answer) -> bool:
    return answer.status == 200 and json.loads(answer.body)["cache"] == "ok"


@pytest.fixture(autouse=True)
def _settled(house: House) -> None:
    settle(house)


def reply(house: House, member: int, body: str, key: str = "") -> Answer:
    return house.request(
        "POST", f"/api/v1/threads/{house.thread}/posts/", body={"body": body}, member=member, key=key
    )


def assert_unavailable(answer: Answer) -> None:
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "try again in a minute" in answer.body


@pytest.mark.parametrize("size", sizes(outages=(1, 5)))
def test_while_the_database_is_away_answers_are_503_and_kept_pages_go_on(
    house, member, thread_page, size, proof_figures
):
    statuses: Counter[int] = Counter()
    for number in range(size["outages"]):
        assert house.request("GET", thread_page).status == 200
        assert reply(house, member, f"Written before outage {number}.").status == 201
        logged = house.said.stat().st_size
        with house.stopped_postgres():
            kept = house.request("GET", thread_page)
            assert kept.status == 200 and "Why is the export empty?" in kept.body
            refused = [
                house.request("GET", "/questions/tags/"),
                house.request("GET", f"/api/v1/threads/{house.thread}/"),
                reply(house, member, "Written while it was away."),
                house.request("GET", "/api/v1/me/", member=member),
            ]
            for answer in refused:
                assert_unavailable(answer)
            assert json.loads(refused[1].body)["code"] == "unavailable"
            assert [house.request("GET", path).status for path in ("/healthz", "/readyz", "/robots.txt")] == [
                200,
                503,
                200,
            ]
            said = house.said.read_bytes()[logged:].decode()
            assert "Traceback" not in said
            assert len(said.splitlines()) <= len(refused) + 4, "one line a request"
        settle(house)
        until(
            lambda number=number: f"Written before outage {number}." in house.request("GET", thread_page).body
        )
        statuses.update(answer.status for answer in refused)
    proof_figures(outages=size["outages"], answers_503=statuses[503], answers_500=statuses[500])


@pytest.mark.parametrize("size", sizes(hangs=(1, 3), waiting=(9, 40)))
def test_a_hung_database_holds_no_thread_for_ever_and_healthz_answers(
    house, member, thread_page, size, proof_figures
):
    statuses: Counter[int] = Counter()
    longest = 0.0
    for number in range(size["hangs"]):
        assert house.request("GET", thread_page).status == 200
        assert reply(house, member, f"Before hang {number}.").status == 201
        with house.hung_postgres():
            answers: list[Answer] = []
            asking = [
                threading.Thread(target=_ask, args=(house, answers)) for _each in range(size["waiting"])
            ]
            for one in asking:
                one.start()
            while any(one.is_alive() for one in asking):
                begun = time.monotonic()
                assert house.request("GET", "/healthz").status == 200
                longest = max(longest, time.monotonic() - begun)
            assert house.request("GET", thread_page).status == 200
        statuses.update(answer.status for answer in answers)
        for answer in answers:
            assert_unavailable(answer)
        assert len(answers) == size["waiting"]
        settle(house)
        assert reply(house, member, f"After hang {number}.").status == 201
    proof_figures(
        hangs=size["hangs"],
        waiting=size["waiting"],
        answers_503=statuses[503],
        answers_500=statuses[500],
        slowest_healthz=f"{longest:.2f} s",
    )


def _ask(house: House, answers: list[Answer]) -> None:
    answers.append(house.request("GET", f"/api/v1/threads/{house.thread}/"))


def test_a_lock_that_somebody_holds_gives_503(house, member):
    with psycopg2.connect(house.postgres.url) as other, other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM forums_thread WHERE id = %s FOR UPDATE", [house.thread])
        assert_unavailable(reply(house, member, "This waits for the lock."))
        other.rollback()
    assert reply(house, member, "This does not.").status == 201


def test_a_connection_lost_while_an_idempotency_key_waits_is_503(house, member):
    answers: list[Answer] = []
    with psycopg2.connect(house.postgres.url) as other, other.cursor() as cursor:
        cursor.execute(
            "INSERT INTO profiles_idempotencyrecord (profile_id, key, route, body_digest, created_at)"
            " VALUES (%s, 'twice', '', '', now())",
            [member],
        )
        asking = threading.Thread(target=lambda: answers.append(reply(house, member, "Twice.", key="twice")))
        asking.start()
        waits = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%idempotencyrecord%'"
        until(lambda: house.ask(waits))
        house.ask(f"SELECT pg_terminate_backend(pid) FROM ({waits}) AS waiting")
        asking.join()
        other.rollback()
    assert_unavailable(answers[0])
    assert reply(house, member, "Twice.", key="twice").status == 201


@pytest.mark.parametrize("size", sizes(attempts=(12, 40)))
def test_while_valkey_hangs_passwords_cannot_be_guessed(house, size, proof_figures):
    wrong = {"login": "m0@example.com", "password": "wrong one"}
    with house.hung_valkey(), requests.Session() as browser:
        url = f"http://127.0.0.1:{house.port}/accounts/login/"
        browser.get(url, timeout=PATIENCE_SECONDS)
        tries = {**wrong, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        answers = [browser.post(url, tries, timeout=PATIENCE_SECONDS) for _each in range(size["attempts"])]
    taken = sum("Too many attempts" not in answer.text for answer in answers if answer.status_code == 200)
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert taken <= 10, "five in each of two processes"
    proof_figures(attempts=size["attempts"], taken=taken)


def test_a_task_without_database_is_tried_again_and_logs_no_traceback(house):
    words = [
        "-m",
        "celery",
        "-A",
        "community",
        "worker",
        "--queues",
        "bulk",
        "--pool",
        "solo",
        "--loglevel",
        "INFO",
    ]
    log = house.said.with_name("worker.log")
    with log.open("wb") as out:
        worker = spawn(
            [sys.executable, *words], cwd=ROOT, env=house.env | {"LOG_LEVEL": "INFO"}, stdout=out, stderr=out
        )
    try:
        until(lambda: "ready." in log.read_text())
        with house.stopped_postgres():
            with app.connection_for_write(house.valkey.url) as connection:
                app.send_task(sweep_uploads.name, queue="bulk", connection=connection)
            until(lambda: "retry: Retry in" in log.read_text())
        assert "Traceback" not in log.read_text()
    finally:
        kill_group(worker)
