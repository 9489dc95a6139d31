"""Searches without results, and threads that answered a question before it was asked."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from forums.models import Deflection, SearchMiss, Thread

DAYS = 30


def misses() -> QuerySet[SearchMiss]:
    """Return searches without results, the most frequent first."""
    return SearchMiss.objects.order_by("-count", "-last_at")


def deflections() -> QuerySet[Thread]:
    """Return threads that answered someone who was asking in the last `DAYS` days, most first, with `count` and `last_at`."""
    lately = Deflection.objects.filter(created_at__gt=timezone.now() - timedelta(days=DAYS))
    counted = Thread.objects.filter(deflections__in=lately)
    return counted.annotate(count=Count("deflections"), last_at=Max("deflections__created_at")).order_by(
        "-count", "-last_at", "-pk"
    )


def deflection_count() -> int:
    """Return how often someone found an answer instead of asking in the last `DAYS` days."""
    return Deflection.objects.filter(created_at__gt=timezone.now() - timedelta(days=DAYS)).count()
