"""Twelve zones, both changes of the clocks: exactly one digest every local day, and every question in one of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from forums.actions.digests import SETTLE, queue_digests
from forums.actions.subscriptions import set_topic_delivery
from forums.actions.threads import ask
from forums.models import Thread, TopicSubscription
from profiles.mail.preferences import set_digest_time
from profiles.models import Delivery

# The hours are those the clocks skip or repeat, where they do: no local 2:30 in March, two of 1:30 in
# November.
MEMBERS = [
    ("America/New_York", 2), ("America/Los_Angeles", 1), ("America/St_Johns", 0), ("America/Santiago", 0), ("America/Havana", 0),
    ("Europe/London", 1), ("Europe/Berlin", 2), ("Africa/Cairo", 0), ("Asia/Kathmandu", 8), ("Asia/Tokyo", 23),
    ("Australia/Lord_Howe", 2), ("Pacific/Auckland", 3),
]  # fmt: skip
# Around each day of 2026 on which some of them change their clocks.
CHANGES = [
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 4, 24), date(2026, 9, 6), date(2026, 9, 27),
    date(2026, 10, 4), date(2026, 10, 25), date(2026, 10, 30), date(2026, 11, 1),
]  # fmt: skip


def hours_around(change):
    """Return the hours of a day as it is lived anywhere: from its first zone's midnight to its last one's, and some more."""
    start = datetime(change.year, change.month, change.day, 9, tzinfo=UTC) - timedelta(days=1)
    return [start + timedelta(hours=n) for n in range(51)]


def is_whole(day, zone, moments):
    """Say whether all of a local day lies among the moments."""
    local = [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]
    return local[0] < day < local[-1]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_everybody_gets_one_digest_every_local_day(person, alice, topic, change):
    moments = hours_around(change)
    people = {zone: person(f"z{number}", password=None) for number, (zone, _hour) in enumerate(MEMBERS)}
    for zone, hour in MEMBERS:
        set_topic_delivery(people[zone], topic, "digest")
        set_digest_time(people[zone], hour=hour, time_zone=zone)
    TopicSubscription.objects.update(created_at=moments[0] - timedelta(days=9))
    asked = ask(alice, topic=topic, subject="Question", body="Body.")
    when = [moments[0] - timedelta(days=1) + timedelta(minutes=30 * n) for n in range(3 * len(moments))]
    copies = [
        Thread(topic=topic, author=alice, subject=f"Q{n}", slug=f"q-{n}", created_at=at)
        for n, at in enumerate(when)
    ]
    Thread.objects.bulk_create(copies)
    asked.delete()

    sent = Counter()
    for number, moment in enumerate(moments):
        for _again in range(2 if number % 5 == 0 else 1):
            queue_digests(now=moment)
    spans = {zone: [] for zone in people}
    for row in Delivery.objects.filter(kind="digest").select_related("profile__mail_settings").order_by("id"):
        zone = row.profile.mail_settings.time_zone
        sent[zone, date.fromisoformat(row.facts["day"])] += 1
        spans[zone].append((row.facts["since"], row.facts["through"]))

    assert set(sent.values()) == {1}
    for zone in people:
        assert is_whole(change, zone, moments)
        assert sent[zone, change] == 1, zone
        for (_since, through), (since, _through) in zip(spans[zone], spans[zone][1:], strict=False):
            assert since == through, (
                zone
            )  # what one digest ends with, the next begins with: nothing is told twice or never
        assert datetime.fromisoformat(spans[zone][-1][1]) <= moments[-1] - SETTLE
