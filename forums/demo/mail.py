"""The demo's notifications and mails, as if they had been told when things happened: most read and sent, a
few still fresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection

from forums.actions.subscriptions import set_topic_delivery
from forums.models import Topic
from profiles.mail.preferences import set_digest_time, set_preference
from profiles.mail.returns import note_return
from profiles.models import Delivery, DeliveryState, Notification, Profile, ReturnKind, SkipReason

FRESH = timedelta(days=4)  # what is younger is unread; its mails go out for real, into the outbox
SENT_FOR_REAL = 12

# When a thing was told is when its post was written.
DATE = """
UPDATE {table} told SET created_at = post.created_at + interval '20 seconds'
FROM forums_post post WHERE told.source_key LIKE 'post:%%' AND split_part(told.source_key, ':', 2)::bigint = post.id"""


def seed_past_notifications(people: Mapping[str, Profile], now: datetime) -> None:
    """Date what the demo's actions told, and show each thing that can become of a mail."""
    with connection.cursor() as cursor:
        for table in ("profiles_notification", "profiles_delivery"):
            cursor.execute(DATE.format(table=table))
    Notification.objects.filter(created_at__lt=now - FRESH).update(read_at=now - FRESH)
    newest = Delivery.objects.order_by("-created_at").values_list("pk", flat=True)[:SENT_FOR_REAL]
    past = Delivery.objects.filter(state=DeliveryState.QUEUED).exclude(pk__in=list(newest))
    for row in past.only("pk", "created_at"):
        row.state, row.sent_at, row.next_attempt_at = (
            DeliveryState.SENT,
            row.created_at + timedelta(seconds=40),
            None,
        )
        row.save(update_fields=["state", "sent_at", "next_attempt_at"])
    for reason in (SkipReason.GONE, SkipReason.UNSUBSCRIBED, SkipReason.PREFERENCE):
        _change_one(people["hana"], state=DeliveryState.SKIPPED, reason=reason)
    _change_one(
        people["hana"],
        state=DeliveryState.FAILED,
        reason=SkipReason.GAVE_UP,
        detail="451 4.7.1 Try again later",
    )


def choose_bells(people: Mapping[str, Profile], topics: Mapping[str, Topic]) -> None:
    """Follow threads and topics, and choose when the digest comes."""
    for key, place, delivery in (
        ("hana", 0, "each"),
        ("hana", 1, "digest"),
        ("hana", 2, "digest"),
        ("nell", 0, "digest"),
    ):
        set_topic_delivery(people[key], list(topics.values())[place], delivery)
    set_digest_time(people["hana"], hour=7, time_zone="Europe/Amsterdam")
    set_preference(people["hana"], "solution", email=False)


def let_mail_come_back(profile: Profile) -> None:
    """Stop the mail of somebody, as two bounces do."""
    for number in range(2):
        note_return(
            profile, ReturnKind.HARD, key=f"demo:{profile.pk}:{number}", detail="550 5.1.1 user unknown"
        )


def _change_one(profile: Profile, **values: object) -> None:
    """Let something else become of one of the mails that count as sent."""
    row = Delivery.objects.filter(profile=profile, state=DeliveryState.SENT).order_by("-created_at").first()
    if row is not None:
        Delivery.objects.filter(pk=row.pk).update(sent_at=None, **values)
