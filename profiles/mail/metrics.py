"""What Prometheus reads about e-mails."""

from __future__ import annotations

from django.db.models import Count, Min
from django.utils import timezone

from community.lib.metrics import Metric, Sample, Type, register
from profiles.models import Delivery
from profiles.models.mail import DeliveryState


def register_metrics() -> None:
    register(
        Metric("hearth_emails", "E-mails by state.", Type.GAUGE, emails_by_state),
        Metric(
            "hearth_emails_oldest_due_seconds",
            "How long the oldest e-mail that is due has waited.",
            Type.GAUGE,
            oldest_due,
        ),
    )


def emails_by_state() -> list[Sample]:
    """Count e-mails in every state, those with none too."""
    found = dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
    return [({"state": state}, found.get(state, 0)) for state in DeliveryState.values]


def oldest_due() -> list[Sample]:
    """Return how many seconds the first e-mail in line is late; 0 when none is due."""
    due_at = Delivery.objects.due().aggregate(oldest=Min("next_attempt_at"))["oldest"]
    return [({}, (timezone.now() - due_at).total_seconds() if due_at else 0.0)]
