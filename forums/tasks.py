"""Housekeeping of the forum. Each may run twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from forums.actions import uploads
from forums.actions.digests import queue_digests
from forums.actions.drafts import PENDING_LIFE
from forums.actions.mail_answers import answer_mail, forget_received, waiting_answers
from forums.actions.relating import relate
from forums.actions.resolutions import ask_if_solved
from forums.actions.searches import forget_misses
from forums.models import PendingPost

logger = logging.getLogger(__name__)


@shared_task(time_limit=600)
def sweep_uploads() -> int:
    """Delete pictures that no post shows."""
    return uploads.sweep_orphans()


@shared_task(time_limit=600)
def sweep_files() -> int:
    """Delete stored pictures that no row names."""
    return uploads.sweep_files()


@shared_task(time_limit=60)
def forget_pending_posts() -> int:
    """Delete what guests wrote and never came back to post."""
    return PendingPost.objects.filter(created_at__lt=timezone.now() - PENDING_LIFE).delete()[0]


@shared_task(time_limit=120)
def answer_received_mail(pk: int) -> None:
    """Tell a sender why their mail was not posted; what cannot be sent now is sent by the sweep."""
    try:
        answer_mail(pk)
    except OSError as error:
        logger.warning("The answer to received mail %s waits for the sweep: %s", pk, error)


@shared_task(time_limit=600)
def sweep_mail_answers() -> None:
    """Send the answers that were not sent when their mail came in, and forget old mails."""
    for pk in waiting_answers():
        answer_received_mail(pk)
    forget_received()


@shared_task(time_limit=900)
def send_digests() -> int:
    """Queue the digests that are due; their mails are sent by the bulk queue."""
    return queue_digests()


@shared_task(time_limit=60)
def forget_search_misses() -> int:
    """Delete searches without results that nobody repeats."""
    return forget_misses()


@shared_task(time_limit=300)
def ask_askers() -> int:
    """Ask the askers of unsolved threads whether the replies solved it."""
    return ask_if_solved()


@shared_task(time_limit=60)
def relate_thread(thread_id: int) -> None:
    """Work out which threads are like this one."""
    relate(thread_id)
