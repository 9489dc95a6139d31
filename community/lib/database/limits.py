"""How long a process waits for PostgreSQL. Web processes and workers call `limit_process`; commands wait as long as it takes.

The server ends slow statements itself. A server that hangs cannot, so the client stops reading as well: psycopg2 waits in
`_wait`, where signals (a task's soft time limit) arrive too. psycopg2 knows no COPY in this mode.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db import connections
from psycopg2 import extensions

REST_SECONDS = 2.0  # after a failure to connect nobody tries for so long; then one at a time
GRACE_SECONDS = 5.0  # what an answer may take on its way
# Of libpq: a network that swallows packets is noticed after a minute.
KEEPALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


@dataclass(frozen=True)
class Limits:
    """Seconds that PostgreSQL gives a statement, and a statement waits for a lock; 0 is no limit."""

    statement: float
    lock: float

    @property
    def read(self) -> float:
        """Return the seconds after which the client gives up on a server that should have ended the statement."""
        return self.statement + GRACE_SECONDS if self.statement else 0


class Outage:
    """Whether PostgreSQL is away. After a failure to connect one thread tries again; the others fail at once."""

    def __init__(self) -> None:
        self._failed = False
        self._rests_until = 0.0
        self._trying = threading.Lock()

    @property
    def is_resting(self) -> bool:
        """Say whether a connection failed less than `REST_SECONDS` ago."""
        return self._failed and time.monotonic() < self._rests_until

    def begin(self) -> None:
        self._failed, self._rests_until = True, time.monotonic() + REST_SECONDS

    @contextmanager
    def connecting(self) -> Iterator[None]:
        """Connect inside this. Raises OperationalError at once while PostgreSQL is known to be away."""
        turn = self._failed
        if turn and (self.is_resting or not self._trying.acquire(blocking=False)):
            raise psycopg2.OperationalError("PostgreSQL did not answer a moment ago")
        try:
            yield
            self._failed = False
        except psycopg2.OperationalError:
            self.begin()
            raise
        finally:
            if turn:
                self._trying.release()


outage = Outage()
_patience = threading.local()
_limits: Limits | None = None


def limit_process(limits: Limits) -> None:
    """Apply `limits` to every connection this process opens from now on."""
    global _limits
    _limits = limits
    options = connections.settings["default"]["OPTIONS"]
    named = {"statement_timeout": limits.statement, "lock_timeout": limits.lock}
    words = [f"-c {name}={seconds * 1000:.0f}" for name, seconds in named.items() if seconds]
    if words:
        options["options"] = " ".join([*filter(None, [options.get("options")]), *words])
    if limits.read:
        extensions.set_wait_callback(_wait)


def is_limited() -> bool:
    """Say whether this process has limits."""
    return _limits is not None


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Wait at most so long for each answer inside; a server that does not give one counts as away."""
    _patience.seconds = seconds
    try:
        yield
    finally:
        del _patience.seconds


def _wait(connection: Any) -> None:
    """Wait for an answer as psycopg2 asks its callback to; an exception here closes the connection."""
    state = connection.poll()
    if state == extensions.POLL_OK:
        return
    short = getattr(_patience, "seconds", None)
    seconds = short or (_limits.read if _limits else 0)
    ends = time.monotonic() + seconds
    while state != extensions.POLL_OK:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        if not poll.poll(max(0.0, ends - time.monotonic()) * 1000):
            if short:
                outage.begin()
            raise psycopg2.OperationalError(f"PostgreSQL did not answer within {seconds:.0f} seconds")
        state = connection.poll()
