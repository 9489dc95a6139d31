"""The outbox: events to deliver, written in the transaction of what happened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxEvent(models.Model):
    """One event for one channel. `due_at` is empty once it is delivered or given up; a worker that claims it moves it forward."""

    source_key = models.CharField(
        _("source"), max_length=120, help_text=_("What happened, such as gift:7; sent once.")
    )
    channel = models.CharField(_("channel"), max_length=80)
    type = models.CharField(_("type"), max_length=40)
    payload = models.JSONField(_("payload"), help_text=_("Type, timestamp and data."))
    created_at = models.DateTimeField(_("time"), default=timezone.now)
    due_at = models.DateTimeField(_("next attempt"), null=True, default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    gave_up_at = models.DateTimeField(_("given up"), null=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(fields=["source_key", "type", "channel"], name="outbox_event_once"),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(delivered_at=None, gave_up_at=None),
                name="outbox_event_is_due_or_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="outbox_event_due"),
            models.Index(fields=["created_at"], name="outbox_event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.source_key}"
