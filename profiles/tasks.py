"""Housekeeping about people. Each may run twice."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from profiles.api.idempotency import forget_old_answers


@shared_task(time_limit=120)
def forget_answers() -> None:
    """Delete answers kept for repeated requests once they are a day old."""
    forget_old_answers()


@shared_task(time_limit=300)
def clear_sessions() -> None:
    """Delete sessions that are over."""
    call_command("clearsessions")
