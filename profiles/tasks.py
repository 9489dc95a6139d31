"""Housekeeping about people. Each may run twice."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from profiles.api.idempotency import forget_old_answers
from profiles.mail.deliveries import send_due
from profiles.privacy.deletion import delete_due_accounts
from profiles.privacy.exports import build_export, sweep_exports, unmade_exports


@shared_task(time_limit=120)
def forget_answers() -> None:
    """Delete answers kept for repeated requests once they are a day old."""
    forget_old_answers()


@shared_task(time_limit=300)
def clear_sessions() -> None:
    """Delete sessions that are over."""
    call_command("clearsessions")


@shared_task(time_limit=300)
def send_mail() -> None:
    """Send the mails that are due, except those of long runs. Called when one is queued, and by the sweep."""
    send_due(bulk=False, seconds=200)


@shared_task(time_limit=1800)
def send_bulk_mail() -> None:
    """Send the mails of long runs that are due."""
    send_due(bulk=True, seconds=1500)


@shared_task(time_limit=900, soft_time_limit=840)
def make_export(export_id: int) -> None:
    """Zip what we keep about a person."""
    build_export(export_id)


@shared_task(time_limit=1800, soft_time_limit=1700)
def look_after_accounts() -> None:
    """Delete accounts whose time has come and zips nobody fetched; make the zips whose message was lost."""
    delete_due_accounts()
    sweep_exports()
    for export_id in unmade_exports():
        build_export(export_id)
