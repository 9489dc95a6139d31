"""What a person was told of in the house, and what they want to be told of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KIND_LIMIT, SOURCE_LIMIT, TITLE_LIMIT, URL_LIMIT = 40, 120, 300, 500


class NotificationQuerySet(models.QuerySet["Notification"]):
    def shown(self) -> NotificationQuerySet:
        """Those that were not dismissed."""
        return self.filter(dismissed_at=None)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None, dismissed_at=None)


class Notification(models.Model):
    """One thing one person was told once. Title and address are as they were then."""

    profile = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=KIND_LIMIT, help_text=_("Key of a kind in profiles.notifications."))
    source_key = models.CharField(max_length=SOURCE_LIMIT, help_text=_("What it is about: post:998."))
    title = models.CharField(max_length=TITLE_LIMIT)
    url = models.CharField(max_length=URL_LIMIT)
    actor = models.ForeignKey(
        "profiles.Profile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["profile", "kind", "source_key"], name="notification_once")
        ]
        indexes = [
            models.Index(
                fields=["profile", "-id"], condition=Q(dismissed_at=None), name="notification_shown"
            ),
            models.Index(
                fields=["profile", "source_key"],
                condition=Q(read_at=None, dismissed_at=None),
                name="notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key} to {self.profile_id}"


class NotificationPreference(models.Model):
    """What a person wants of one kind. Without a row the kind's own defaults hold."""

    profile = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=KIND_LIMIT)
    in_app = models.BooleanField(default=True)
    email = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.UniqueConstraint(fields=["profile", "kind"], name="notification_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} on {self.kind}"
