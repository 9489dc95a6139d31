"""What follows from decisions. Each may run twice; the sweeps find in the rows what the broker lost."""

from __future__ import annotations

from celery import shared_task

from moderation import alerts, notifications
from moderation.actions import effects, sanctions
from moderation.models import Appeal, Report, Sanction

SWEPT = 200


@shared_task(time_limit=120)
def notify_report_decided(report_id: int) -> None:
    notifications.notify_report_decided(report_id)


@shared_task(time_limit=120)
def notify_reporters_revealed(report_id: int) -> None:
    notifications.notify_reporters_revealed(report_id)


@shared_task(time_limit=120)
def notify_sanction(sanction_id: int) -> None:
    notifications.notify_sanction(sanction_id)


@shared_task(time_limit=120)
def notify_appeal_decided(appeal_id: int) -> None:
    notifications.notify_appeal_decided(appeal_id)


@shared_task(time_limit=280, soft_time_limit=240)
def settle_effects(sanction_id: int) -> None:
    """Hide, take back, or bring back all that a ban took."""
    effects.settle(sanction_id)


@shared_task(time_limit=120)
def end_bans() -> None:
    """Open the accounts whose time is over."""
    for sanction_id in list(sanctions.over_due()):
        sanctions.end_ban(sanction_id)


@shared_task(time_limit=120)
def remind_moderators() -> None:
    """Remind of reports and appeals that are due within the hour."""
    alerts.remind_of_due()


@shared_task(time_limit=280)
def sweep_moderation() -> None:
    """Tell and settle what was decided and never heard of."""
    for pk in list(
        Report.objects.filter(told_at=None, decided_at__isnull=False).values_list("pk", flat=True)[:SWEPT]
    ):
        notifications.notify_report_decided(pk)
    for pk in list(Sanction.objects.filter(told_at=None).values_list("pk", flat=True)[:SWEPT]):
        notifications.notify_sanction(pk)
    for pk in list(
        Appeal.objects.filter(told_at=None, decided_at__isnull=False).values_list("pk", flat=True)[:SWEPT]
    ):
        notifications.notify_appeal_decided(pk)
    for pk in list(Sanction.objects.filter(effects_at=None).values_list("pk", flat=True)[:SWEPT]):
        effects.settle(pk)
