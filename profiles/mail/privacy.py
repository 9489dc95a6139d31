"""Erase and export notifications and e-mails of a member."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from profiles.models import Delivery, MailReturn, MailSettings, Notification, NotificationPreference, Profile
from profiles.privacy.account import whole_names
from profiles.registries import ExportFile

ROWS = 10_000


def erase_mail_traces(profile: Profile, keep_posts: bool) -> None:
    """Forget what the person was told, sent and wanted, and what others were told that calls them by name."""
    del keep_posts
    with transaction.atomic():
        for model in (Notification, NotificationPreference, MailReturn, Delivery, MailSettings):
            model._default_manager.filter(profile=profile).delete()
        for name in whole_names(profile):
            Notification.objects.filter(actor=profile, title__contains=name).delete()
            Delivery.objects.filter(actor=profile, title__contains=name).delete()


def mail_parts(profile: Profile) -> Iterator[ExportFile]:
    """Yield what the person was told, every mail to them, and how they want it."""
    told = Notification.objects.filter(profile=profile).order_by("-id")
    mails = Delivery.objects.filter(profile=profile).order_by("-id")
    chosen = MailSettings.objects.filter(profile=profile)
    yield ExportFile(
        "notifications.json",
        list(told.values("kind", "title", "url", "created_at", "read_at", "dismissed_at")[:ROWS]),
    )
    yield ExportFile(
        "mail-log.json",
        list(mails.values("kind", "title", "url", "state", "reason", "created_at", "sent_at")[:ROWS]),
    )
    yield ExportFile(
        "mail-settings.json",
        {
            "times": list(
                chosen.values(
                    "digest_hour", "time_zone", "paused_at", "mail_stopped_at", "mail_stopped_reason"
                )
            ),
            "kinds": list(
                NotificationPreference.objects.filter(profile=profile).values("kind", "in_app", "email")
            ),
            "returned": list(MailReturn.objects.filter(profile=profile).values("kind", "happened_at")[:ROWS]),
        },
    )
