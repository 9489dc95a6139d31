"""Housekeeping of the forum. Each may run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from forums.actions.drafts import PENDING_LIFE
from forums.actions.uploads import sweep_orphans
from forums.models import PendingPost


@shared_task(time_limit=600)
def sweep_uploads() -> int:
    """Delete pictures that no post shows."""
    return sweep_orphans()


@shared_task(time_limit=60)
def forget_pending_posts() -> int:
    """Delete what guests wrote and never came back to post."""
    return PendingPost.objects.filter(created_at__lt=timezone.now() - PENDING_LIFE).delete()[0]
