"""What Prometheus reads about threads."""

from __future__ import annotations

from django.db.models import Min
from django.utils import timezone

from community.lib.metrics import Metric, Sample, Type, register
from forums.models import Thread


def register_metrics() -> None:
    register(
        Metric("hearth_threads_unanswered", "Listed questions without a reply.", Type.GAUGE, unanswered),
        Metric(
            "hearth_threads_unanswered_oldest_seconds",
            "Age of the oldest of them.",
            Type.GAUGE,
            oldest_unanswered,
        ),
    )


def unanswered() -> list[Sample]:
    return [({}, Thread.objects.unanswered().count())]


def oldest_unanswered() -> list[Sample]:
    """Return the age in seconds; 0 when every question has a reply."""
    oldest = Thread.objects.unanswered().aggregate(oldest=Min("created_at"))["oldest"]
    return [({}, (timezone.now() - oldest).total_seconds() if oldest else 0.0)]
