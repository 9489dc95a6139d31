"""Telling Celery about work that is already recorded, without ever making a person wait for the broker."""

import logging
import threading
import time

from celery import Task
from django.db import transaction
from kombu import Connection, pools

logger = logging.getLogger(__name__)

# What a request may lose to a broker that does not answer, once per pause.
BROKER_SECONDS = 0.3
PAUSE_SECONDS = 15.0


class Breaker:
    """Closed until a failure, then open for a pause: while it is open nobody tries, so nobody waits."""

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self._open_until = 0.0
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._open_until

    def trip(self) -> None:
        with self._lock:
            self._open_until = time.monotonic() + self.pause

    def reset(self) -> None:
        self._open_until = 0.0


breaker = Breaker(PAUSE_SECONDS)


def enqueue(task: Task, *args: object, queue: str = "default", countdown: float = 0) -> None:
    """Send `task` to `queue` (see community.celery) once the transaction commits; `countdown` in seconds.

    Never raises and never waits longer than BROKER_SECONDS: a broker that is down costs the message, not the request.
    So record the work in the database first; the sweep that reads it there is what makes it certain.
    """
    # A lambda: Django names what failed by its __qualname__, which a partial has not.
    transaction.on_commit(lambda: send(task, *args, queue=queue, countdown=countdown), robust=True)


def send(task: Task, *args: object, queue: str = "default", countdown: float = 0) -> bool:
    """Send now; whether the broker took it."""
    if task.app.conf.task_always_eager:
        task.apply(args=args)
        return True
    if breaker.is_open:
        return False
    try:
        with _producers(task).acquire(block=True, timeout=BROKER_SECONDS) as producer:
            task.apply_async(
                args=args, queue=queue, countdown=countdown or None, producer=producer, retry=False
            )
    except Exception as error:  # noqa: BLE001 - the transport raises whatever its client raises
        breaker.trip()
        logger.warning(
            "The broker did not take %s: %s. Trying again in %.0f seconds.", task.name, error, PAUSE_SECONDS
        )
        return False
    return True


def _producers(task: Task) -> pools.ProducerPool:
    """A pool of our own connections: the worker's must wait patiently, ours must not."""
    patience = {
        "socket_connect_timeout": BROKER_SECONDS,
        "socket_timeout": BROKER_SECONDS,
        "max_retries": 0,
        "connect_retries_timeout": BROKER_SECONDS,
    }
    conf = task.app.conf
    url = conf.broker_write_url or conf.broker_url
    connection = Connection(
        url, connect_timeout=BROKER_SECONDS, transport_options={**conf.broker_transport_options, **patience}
    )
    pool: pools.ProducerPool = pools.producers[connection]
    return pool
