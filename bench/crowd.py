"""Many members at once, for measurements and proofs: with verified addresses, without passwords."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from forums.models import Topic, TopicDelivery, TopicSubscription
from profiles.models import Profile, User

CHUNK = 2000


def make_crowd(count: int, *, name: str = "crowd") -> list[int]:
    """Make `count` members, name-0@example.com and so on. Returns the ids of their profiles, in order."""
    ids: list[int] = []
    for start in range(0, count, CHUNK):
        numbers = range(start, min(count, start + CHUNK))
        users = User.objects.bulk_create(
            [User(email=f"{name}-{n}@example.com", password="!") for n in numbers]
        )
        EmailAddress.objects.bulk_create(
            [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users]
        )
        people = [
            Profile(user=user, name=f"Crowd {n}", handle=f"{name}-{n}")
            for n, user in zip(numbers, users, strict=True)
        ]
        ids += [person.pk for person in Profile.objects.bulk_create(people)]
    return ids


def subscribe_all(profile_ids: Sequence[int], topics: Sequence[Topic], *, each: int) -> int:
    """Let everybody have the digest of `each` of the topics, in turn. Returns how many subscriptions that makes."""
    now = timezone.now() - timedelta(days=2)
    rows = [
        TopicSubscription(
            profile_id=pk,
            topic=topics[(place + turn) % len(topics)],
            delivery=TopicDelivery.DIGEST,
            created_at=now,
        )
        for place, pk in enumerate(profile_ids)
        for turn in range(each)
    ]
    return len(TopicSubscription.objects.bulk_create(rows, batch_size=5000))
