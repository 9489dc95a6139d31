"""Delivering what the outbox holds. Each may run twice, and beside itself."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from integrations import actions
from integrations.delivery import deliver

BUDGET_SECONDS = 60  # a channel that only times out must not keep a worker; the next sweep goes on


@shared_task(time_limit=120)
def deliver_due() -> int:
    """Deliver what is due, oldest first; returns how many got through. The sweep runs this too."""
    delivered, until = 0, time.monotonic() + BUDGET_SECONDS
    for pk in actions.due_ids(timezone.now()):
        delivered += deliver(pk)
        if time.monotonic() > until:
            break
    return delivered


@shared_task(time_limit=120)
def forget_announcements() -> int:
    """Delete what was settled long ago."""
    return actions.forget_old()
