"""`/metrics` for Prometheus, and the counting of requests behind it.

Each process counts in memory and adds its counts to one hash in Valkey every few seconds, from a thread of its own: a
request costs no query and no round trip, and the sums are those of all processes. When Valkey loses them they begin
again at zero, which Prometheus understands.
"""

from __future__ import annotations

import atexit
import json
import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import cast

import redis
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.crypto import constant_time_compare

from community.celery import QUEUES
from community.lib import valkey
from community.lib.metrics import Metric, Sample, Type, lines, read_all, register

GetResponse = Callable[[HttpRequest], HttpResponse]
PATH = "/metrics"
KEY = "metrics:requests"
FLUSH_SECONDS = 5.0
VALUES_SECONDS = 30
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOOPBACK = ("127.", "::1", "::ffff:127.")
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


def middleware(get_response: GetResponse) -> GetResponse:
    """Count each request by route and status, and answer `/metrics`."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path_info == PATH:
            return _page(request)
        start = time.perf_counter()
        response = get_response(request)
        counts.add(_route(request), request.method or "", response.status_code, time.perf_counter() - start)
        return response

    return handle


class Counts:
    """The counts of this process that are not in Valkey yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._timer: threading.Timer | None = None

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        method = method if method in METHODS else "other"
        with self._lock:
            self._waiting[f"n {route} {method} {status}"] += 1
            self._waiting[f"b {route} {bisect_left(BUCKETS, seconds)}"] += 1
            self._waiting[f"s {route}"] += round(seconds * 1e6)
            if self._timer is None:
                self._timer = threading.Timer(FLUSH_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Add what waits to the sums in Valkey. While it is away, counts are kept and sent later."""
        with self._lock:
            sent, self._waiting = self._waiting, Counter()
            self._timer = None

        def send(connection: redis.Redis) -> bool:
            pipeline = connection.pipeline(transaction=True)
            for field, count in sent.items():
                pipeline.hincrby(KEY, field, count)
            pipeline.execute()
            return True

        if sent and not valkey.ask(send, False):
            with self._lock:
                self._waiting.update(sent)

    def all(self) -> Counter[str]:
        """Return the sums of all processes; those of this one alone without Valkey."""
        self.flush()
        nothing: dict[bytes, bytes] = {}
        stored = valkey.ask(lambda connection: cast("dict[bytes, bytes]", connection.hgetall(KEY)), nothing)
        with self._lock:
            found = Counter(self._waiting)
        found.update({field.decode(): int(count) for field, count in stored.items()})
        return found

    def forget(self) -> None:
        """After a fork, in the child: counts and timer are the parent's."""
        self.__init__()  # type: ignore[misc]


counts = Counts()
atexit.register(counts.flush)
os.register_at_fork(after_in_child=counts.forget)


def _route(request: HttpRequest) -> str:
    """Return the URL's name. An address that leads nowhere has none, or the labels would have no end."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    if request.path_info.startswith(settings.STATIC_URL):
        return "static"
    return _route_of(request.path_info)


@lru_cache(maxsize=2048)
def _route_of(path: str) -> str:
    """Name the route of a page that was answered before it was looked up, as kept pages are."""
    try:
        return resolve(path).view_name or "unnamed"
    except Resolver404:
        return "none"


# --- the page -----------------------------------------------------------------------------------------
def _page(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        challenge = {"WWW-Authenticate": "Bearer"} if settings.METRICS_TOKEN else {}
        sentence = (
            "Send METRICS_TOKEN as a bearer token."
            if settings.METRICS_TOKEN
            else "Set METRICS_TOKEN to read this."
        )
        status = 401 if settings.METRICS_TOKEN else 403
        return HttpResponse(
            sentence,
            status=status,
            headers=challenge | {"Cache-Control": "no-store"},
            content_type="text/plain",
        )
    values = cache.get("metrics:values")
    if values is None:
        values = "\n".join(read_all())
        cache.set("metrics:values", values, VALUES_SECONDS)
    text = "\n".join([*_request_lines(counts.all()), values, ""])
    return HttpResponse(text, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _may_read(request: HttpRequest) -> bool:
    """With a token, only requests that carry it; without one, only this machine and nothing through a proxy."""
    if settings.METRICS_TOKEN:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return scheme.lower() == "bearer" and constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    forwarded = any(name in request.META for name in FORWARDED)
    return not forwarded and request.META.get("REMOTE_ADDR", "").startswith(LOOPBACK)


def _request_lines(found: Counter[str]) -> list[str]:
    return [
        *lines(
            "hearth_http_requests_total",
            "Requests by route, method and status.",
            Type.COUNTER,
            _requests(found),
        ),
        *lines(
            "hearth_http_request_duration_seconds",
            "Time to the answer by route.",
            Type.HISTOGRAM,
            _durations(found),
        ),
    ]


def _requests(found: Counter[str]) -> Iterator[Sample]:
    for field, count in sorted(found.items()):
        if field.startswith("n "):
            _, route, method, status = field.split(" ")
            yield {"route": route, "method": method, "status": status}, count


def _durations(found: Counter[str]) -> Iterator[Sample]:
    for route in sorted(field.split(" ")[1] for field in found if field.startswith("s ")):
        so_far = 0
        for place, bound in enumerate(BUCKETS):
            so_far += found[f"b {route} {place}"]
            yield {"__suffix": "_bucket", "route": route, "le": f"{bound:g}"}, so_far
        so_far += found[f"b {route} {len(BUCKETS)}"]
        yield {"__suffix": "_bucket", "route": route, "le": "+Inf"}, so_far
        yield {"__suffix": "_sum", "route": route}, found[f"s {route}"] / 1e6
        yield {"__suffix": "_count", "route": route}, so_far


# --- the queues of tasks ------------------------------------------------------------------------------
def _queue_lengths() -> list[Sample]:
    return [({"queue": name}, valkey.ask(lambda server, name=name: server.llen(name), 0)) for name in QUEUES]  # type: ignore[misc]


def _queue_ages() -> list[Sample]:
    """Seconds the oldest message of each queue waits: `sent_at` is set as it is sent (community.celery)."""
    found: list[Sample] = []
    for name in QUEUES:
        oldest = valkey.ask(lambda server, name=name: server.lindex(name, -1), None)  # type: ignore[misc]
        sent_at = json.loads(oldest).get("headers", {}).get("sent_at") if oldest else None
        found.append(({"queue": name}, max(0.0, time.time() - sent_at) if sent_at else 0.0))
    return found


register(
    Metric(
        "hearth_valkey_up",
        "1 when Valkey answers.",
        Type.GAUGE,
        lambda: [({}, valkey.ask(lambda one: int(one.ping()), 0))],
    ),
    Metric("hearth_queue_length", "Tasks that wait, by queue.", Type.GAUGE, _queue_lengths),
    Metric(
        "hearth_queue_oldest_seconds",
        "How long the oldest task of a queue has waited.",
        Type.GAUGE,
        _queue_ages,
    ),
)
