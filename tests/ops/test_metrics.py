"""`/metrics`: true sums of all processes, no query for a request, and not for everybody."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from kombu import Connection

from community import metrics
from community.celery import app
from community.lib import valkey
from community.lib.metrics import Metric, Type, lines, register

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*)\})? ([0-9.e+-]+)')


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    metrics.counts.flush()
    valkey.ask(lambda server: server.delete(metrics.KEY), None)


def read(client: Client | None = None, **headers: str) -> dict[str, float]:
    answer = (client or Client()).get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    text = answer.content.decode()
    assert text.endswith("\n")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in rows if not SAMPLE.fullmatch(line)] == []
    assert len({line.rpartition(" ")[0] for line in rows}) == len(rows)
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in rows}


def test_requests_are_counted_by_route_method_and_status(thread, as_) -> None:
    as_(None).get(f"/questions/{thread.slug}/")
    as_(None).get(f"/questions/{thread.slug}/")
    as_(None).get("/nowhere/at/all/")
    as_(None).post("/theme/")
    found = read()
    assert found['hearth_http_requests_total{route="thread-detail",method="GET",status="200"}'] == 2
    assert found['hearth_http_requests_total{route="none",method="GET",status="404"}'] == 1
    assert found['hearth_http_requests_total{route="theme-choose",method="POST",status="302"}'] == 1
    assert found['hearth_http_request_duration_seconds_count{route="thread-detail"}'] == 2
    assert found['hearth_http_request_duration_seconds_bucket{route="thread-detail",le="+Inf"}'] == 2


def test_counts_of_several_processes_add_up(db) -> None:
    processes = [metrics.Counts() for _ in range(3)]
    for process in processes:
        for _ in range(4):
            process.add("thread-detail", "GET", 200, 0.2)
        process.flush()
    found = read()
    assert found['hearth_http_requests_total{route="thread-detail",method="GET",status="200"}'] == 12
    assert found['hearth_http_request_duration_seconds_bucket{route="thread-detail",le="0.1"}'] == 0
    assert found['hearth_http_request_duration_seconds_bucket{route="thread-detail",le="0.25"}'] == 12


def test_counts_wait_while_valkey_is_away(db) -> None:
    process = metrics.Counts()
    process.add("thread-detail", "GET", 200, 0.2)
    valkey.rest()
    process.flush()
    valkey._resting_until = 0.0
    process.flush()
    assert read()['hearth_http_requests_total{route="thread-detail",method="GET",status="200"}'] == 1


def test_counting_costs_a_request_no_query(db, as_, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        as_(None).get("/robots.txt")


def test_the_site_tells_its_numbers_in_a_bounded_number_of_queries(thread, as_) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = read()
    assert len(captured) < 15
    assert found["hearth_threads_unanswered"] == 1
    assert {f'hearth_emails{{state="{state}"}}' for state in ("queued", "sent", "failed")} <= set(found)
    for name in (
        "points_issued",
        "points_redeemed",
        "points_outstanding",
        "announcements_oldest_seconds",
        "valkey_up",
    ):
        assert f"hearth_{name}" in found
    with CaptureQueriesContext(connection) as again:
        read()
    assert len(again) == 0


def test_a_queue_tells_how_long_its_oldest_task_waits(db, settings) -> None:
    valkey.ask(lambda server: server.delete("bulk"), None)
    with Connection(project.REDIS_URL) as broker, broker.Producer() as producer:
        for age in (90, 10):
            message = app.amqp.as_task_v2("id", "nothing.to.do")
            headers = {**message.headers, "sent_at": time.time() - age}
            producer.publish([], exchange="", routing_key="bulk", headers=headers, serializer="json")
    try:
        found = read()
    finally:
        valkey.ask(lambda server: server.delete("bulk"), None)
    assert found['hearth_queue_length{queue="bulk"}'] == 2
    assert 90 <= found['hearth_queue_oldest_seconds{queue="bulk"}'] < 600


def test_a_task_says_when_it_was_sent(db) -> None:
    valkey.ask(lambda server: server.delete("bulk"), None)
    try:
        app.send_task("nothing.to.do", queue="bulk")
        assert read()['hearth_queue_oldest_seconds{queue="bulk"}'] > 0
    finally:
        valkey.ask(lambda server: server.delete("bulk"), None)


# --- who may read it ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "172.18.0.5"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"}, {"REMOTE_ADDR": ""}, {"HTTP_AUTHORIZATION": "Bearer ", "REMOTE_ADDR": "192.0.2.7"},
    ],
)  # fmt: skip
def test_without_a_token_only_this_machine_reads(db, meta) -> None:
    assert Client().get("/metrics").status_code == 200
    answer = Client().get("/metrics", **meta)
    assert answer.status_code == 403
    assert b"hearth_" not in answer.content


def test_with_a_token_whoever_sends_it_reads(db, settings) -> None:
    settings.METRICS_TOKEN = "a long one"
    assert read(authorization="Bearer a long one")
    assert (
        Client()
        .get("/metrics", REMOTE_ADDR="192.0.2.7", headers={"authorization": "Bearer a long one"})
        .status_code
        == 200
    )
    for wrong in ("Bearer another", "Bearer ", "a long one", "Basic a long one", "Bearer ä"):
        answer = Client().get("/metrics", headers={"authorization": wrong})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_the_proxy_refuses_it() -> None:
    conf = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()
    assert re.search(r"location = /metrics \{\s*return 404;\s*\}", conf)


# --- the format ---------------------------------------------------------------------------------------
def test_labels_are_escaped() -> None:
    [_help, _type, line] = lines("x", "Words.", Type.GAUGE, [({"a": 'b"\\\n'}, 1)])
    assert line == 'x{a="b\\"\\\\\\n"} 1'


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="already"):
        register(Metric("hearth_valkey_up", "", Type.GAUGE, list))
