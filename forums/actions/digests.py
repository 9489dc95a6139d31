"""The daily digest: who is due at their hour, in their zone, and has something to read; a row each, once a
local day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.lib.tasks import enqueue
from forums.models import Thread, TopicDelivery, TopicSubscription
from forums.notifications import DIGEST, PREVIEW
from profiles.actions.notifications import notify
from profiles.models import MailSettings, Profile
from profiles.models.mail import DIGEST_HOUR
from profiles.tasks import send_bulk_mail

CHUNK = 2000
# A question becomes visible when its transaction ends: what is younger than this waits for the next digest.
SETTLE = timedelta(minutes=2)
# After a clock ran ahead and was set back, digests tell of so much time again: a question twice rather than
# never.
TOLD_AGAIN = timedelta(days=1)
PREVIEW_SPAN = timedelta(days=7)

# Rows written while the clock was ahead: what was "told" until a time to come was not. Zones differ by two
# days at most.
SET_BACK = """
UPDATE profiles_mailsettings s
SET digest_on = least(s.digest_on, z.day), digest_through = least(s.digest_through, %(told_again)s)
FROM unnest(%(zones)s::text[], %(days)s::date[]) AS z (name, day)
WHERE s.profile_id = ANY(%(ids)s) AND z.name = CASE WHEN s.time_zone = ANY(%(zones)s) THEN s.time_zone ELSE '' END
  AND (s.digest_through > %(made)s OR s.digest_on > z.day + 2)"""
# One statement for a chunk of people. `zones` says which day and hour it is in each zone. Whoever is due is
# noted as done for their day, first come first served; of them, those for whom something was asked get a
# mail.
QUEUE = """
WITH zones AS (
  SELECT * FROM unnest(%(zones)s::text[], %(days)s::date[], %(hours)s::int[]) AS z (name, day, hour)
), due AS (
  SELECT p.id, z.day, s.digest_through AS since, w.email IS NOT FALSE AS wanted
  FROM profiles_profile p
  JOIN profiles_user u ON u.id = p.user_id AND u.is_active
  LEFT JOIN profiles_mailsettings s ON s.profile_id = p.id
  JOIN zones z ON z.name = CASE WHEN s.time_zone = ANY(%(zones)s) THEN s.time_zone ELSE '' END
  LEFT JOIN profiles_notificationpreference w ON w.profile_id = p.id AND w.kind = %(kind)s
  WHERE p.id = ANY(%(ids)s) AND p.deactivated_at IS NULL AND NOT p.is_bot AND z.hour >= coalesce(s.digest_hour, %(hour)s)
    AND (s.digest_on IS NULL OR s.digest_on < z.day)
), noted AS (
  INSERT INTO profiles_mailsettings AS s (profile_id, digest_hour, time_zone, mail_stopped_reason, bounce_score,
                                          digest_on, digest_through)
  SELECT id, %(hour)s, '', '', 0, day, %(through)s FROM due ORDER BY id
  ON CONFLICT (profile_id) DO UPDATE SET digest_on = EXCLUDED.digest_on, digest_through = EXCLUDED.digest_through
    WHERE s.digest_on IS NULL OR s.digest_on < EXCLUDED.digest_on
  RETURNING profile_id
), queued AS (
  INSERT INTO profiles_delivery (profile_id, kind, source_key, group_key, title, url, facts, state, reason, detail,
                                 attempts, claim, message_id, provider_id, created_at, next_attempt_at)
  SELECT d.id, %(kind)s, 'digest:' || d.day || ':' || %(moment)s, '', %(title)s, '/questions/',
         jsonb_build_object('day', d.day, 'since', d.since, 'through', %(through)s::timestamptz),
         'queued', '', '', 0, '', '', '', %(made)s, %(made)s
  FROM due d JOIN noted n ON n.profile_id = d.id
  WHERE d.wanted AND EXISTS (
    SELECT 1 FROM forums_topicsubscription b JOIN forums_thread t ON t.topic_id = b.topic_id
    WHERE b.profile_id = d.id AND b.delivery = 'digest' AND t.is_listed AND t.author_id <> d.id
      AND t.created_at > greatest(d.since, b.created_at) AND t.created_at <= %(through)s)
  ORDER BY d.id
  ON CONFLICT (profile_id, kind, source_key) DO NOTHING RETURNING 1
)
SELECT count(*) FROM queued"""


def queue_digests(*, now: datetime | None = None, on_chunk: Callable[[int, int], None] | None = None) -> int:
    """Queue a digest for everybody whose hour has come today where they are.

    May run at any time, any number of times.

    `now` may be a time to come: the digests then hold what was asked until this moment. Calls
    `on_chunk(people done, people in all)`. Returns how many were queued.
    """
    is_clock, now = now is None, now or timezone.now()
    subscribed = TopicSubscription.objects.filter(delivery=TopicDelivery.DIGEST)
    people = list(subscribed.order_by("profile_id").values_list("profile_id", flat=True).distinct())
    zones, queued = _local_times(now), 0
    for start in range(0, len(people), CHUNK):
        chunk = people[start : start + CHUNK]
        queued += _queue_chunk(chunk, zones, now, is_clock=is_clock)
        if on_chunk:
            on_chunk(start + len(chunk), len(people))
    if queued:
        enqueue(send_bulk_mail, queue="bulk")
    return queued


def send_preview(profile: Profile) -> bool:
    """Send somebody the digest of the last week, to see what it looks like.

    Returns whether a mail will be tried.

    Raises ValidationError when nothing was asked in their topics in that week.
    """
    now = timezone.now()
    topics = TopicSubscription.objects.filter(profile=profile, delivery=TopicDelivery.DIGEST).values("topic")
    recent = Thread.objects.filter(topic__in=topics, is_listed=True, created_at__gt=now - PREVIEW_SPAN)
    if not recent.exclude(author=profile).exists():
        raise ValidationError(
            _("Your digest’s topics have no new threads from the last 7 days. Follow more topics first.")
        )
    facts = {
        "day": now.astimezone(zone_of(profile)).date().isoformat(),
        "since": (now - PREVIEW_SPAN).isoformat(),
    }
    return bool(
        notify(
            [profile],
            PREVIEW,
            source_key=f"preview:{now.timestamp():.0f}",
            title=_("A preview of your digest"),
            url="/questions/",
            facts={**facts, "through": now.isoformat(), "preview": True},
        )
    )


def zone_of(profile: Profile) -> ZoneInfo:
    """Return the time zone somebody chose, else the site's."""
    chosen = MailSettings.objects.filter(profile=profile).values_list("time_zone", flat=True).first() or ""
    return ZoneInfo(chosen if chosen in available_timezones() else settings.TIME_ZONE)


def _local_times(now: datetime) -> tuple[list[str], list[str], list[int]]:
    """Return the zones people chose ("" is the site's), and the day and hour it is there: by Python's own
    calendar of zones.
    """
    known = available_timezones()
    chosen = MailSettings.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    names = ["", *(name for name in chosen if name in known)]
    local = [now.astimezone(ZoneInfo(name or settings.TIME_ZONE)) for name in names]
    return names, [moment.date().isoformat() for moment in local], [moment.hour for moment in local]


def _queue_chunk(
    ids: Sequence[int], zones: tuple[list[str], list[str], list[int]], now: datetime, *, is_clock: bool
) -> int:
    made = timezone.now()
    through = min(now - SETTLE, made)
    values: dict[str, Any] = {
        "ids": ids, "zones": zones[0], "days": zones[1], "hours": zones[2], "told_again": made - TOLD_AGAIN, "through": through,
        "moment": str(int(through.timestamp())), "made": made, "kind": DIGEST, "hour": DIGEST_HOUR,
        "title": _("Your daily digest"),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        if is_clock:
            cursor.execute(SET_BACK, values)
        cursor.execute(QUEUE, values)
        return int(cursor.fetchone()[0])
