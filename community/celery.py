"""The Celery app. Queues: `default` (soon), `mail` (letters), `bulk` (long, may wait)."""

import os
import time
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, worker_init, worker_process_init
from django.db.utils import InterfaceError, OperationalError
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")

QUEUES = ("default", "mail", "bulk")

# The database is away, or busy for too long.
AWAY = (InterfaceError, OperationalError)

# A task is asked to end when this much of its time is over, and killed when all of it is.
ASKED_TO_END_AT = 0.8


class BoundedTask(Task):
    """Each task names its own `time_limit`; the limit before it follows, because Celery refuses one that is not before it.

    A task that lost its database tries again for some minutes; after that the sweep finds its work in the database.
    """

    autoretry_for = AWAY
    retry_backoff = 15
    max_retries = 4

    @classmethod
    def on_bound(cls, app: Celery) -> None:
        """Set the softer limit where a task names none."""
        limit = cls.time_limit or app.conf.task_time_limit
        cls.soft_time_limit = cls.soft_time_limit or limit * ASKED_TO_END_AT


app = Celery("hearth", task_cls=BoundedTask)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_default_queue="default",
    # Each with a key of its own: queues that share one would each get every message.
    task_queues=[Queue(name, Exchange("hearth"), routing_key=name) for name in QUEUES],
    task_default_exchange="hearth",
    task_default_routing_key="default",
    task_create_missing_queues=False,
    task_publish_retry=False,
    task_time_limit=300,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Longer than any task's time limit, or a running task would be handed out twice.
    broker_transport_options={"visibility_timeout": 3600},
    accept_content=["json"],
    task_serializer="json",
    timezone="UTC",
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@before_task_publish.connect
def _note_time(headers: dict[str, Any], **_kwargs: Any) -> None:
    """Let a message say when it was sent: `/metrics` shows how long the oldest waits."""
    headers["sent_at"] = time.time()


@worker_init.connect
@worker_process_init.connect
def limit_database(**_sent: Any) -> None:
    """Give tasks their own time limits towards PostgreSQL."""
    from django.conf import settings

    from community.lib.database.limits import is_limited, limit_process

    if not is_limited():
        limit_process(settings.TASK_LIMITS)
