"""One connection to Valkey, and what to do while it is gone: nothing waits for it, nothing fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import redis
from django.conf import settings

T = TypeVar("T")
TIMEOUT_SECONDS = 0.25
REST_SECONDS = 5.0  # after a failure nobody asks again for so long

_resting_until = 0.0
_failures: list[Callable[[], None]] = []


@cache
def client() -> redis.Redis | None:
    """Return the process's client, or None when no address is configured."""
    if not settings.REDIS_URL:
        return None
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=None,
        health_check_interval=0,
    )


def is_resting() -> bool:
    """Say whether a call failed less than `REST_SECONDS` ago."""
    return time.monotonic() < _resting_until


def rest() -> None:
    """Note a failure: every caller skips Valkey for a while, so a paused server costs one timeout, not one a request."""
    global _resting_until
    _resting_until = time.monotonic() + REST_SECONDS


def ask(call: Callable[[redis.Redis], T], default: T) -> T:
    """Run `call` on the client; return `default` when there is none, or it fails, or it failed a moment ago."""
    connection = client()
    if connection is None or is_resting():
        return default
    try:
        return call(connection)
    except (redis.RedisError, OSError):
        rest()
        return default
