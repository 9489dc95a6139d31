"""Metrics about events for other systems."""

from __future__ import annotations

from django.db.models import Count, Min
from django.utils import timezone

from community.lib.metrics import Metric, Sample, Type, register
from integrations.models import OutboxEvent


def register_metrics() -> None:
    register(
        Metric(
            "hearth_announcements_waiting", "Events for other systems not yet delivered.", Type.GAUGE, waiting
        ),
        Metric(
            "hearth_announcements_oldest_seconds",
            "Age of the oldest undelivered event.",
            Type.GAUGE,
            oldest_waiting,
        ),
    )


def waiting() -> list[Sample]:
    """Count events that are neither delivered nor given up."""
    return [({}, OutboxEvent.objects.filter(due_at__isnull=False).aggregate(count=Count("pk"))["count"])]


def oldest_waiting() -> list[Sample]:
    """Return the age of the oldest of them in seconds; 0 when none waits."""
    oldest = OutboxEvent.objects.filter(due_at__isnull=False).aggregate(oldest=Min("created_at"))["oldest"]
    return [({}, (timezone.now() - oldest).total_seconds() if oldest else 0.0)]
