"""What searching and almost asking leave behind: searches that found nothing, and questions that were
answered already.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from community.lib import ratelimit
from community.lib.errors import TooMany
from forums.models import Deflection, Draft, SearchMiss, Thread
from forums.words import folded
from profiles.models import Profile

SHORTEST, LONGEST = 3, 100
MISS_LIFE, MISSES_KEPT = timedelta(days=180), 5000
ONCE_EVERY = timedelta(days=1)
MISSES_PER_HOUR = 30


def count_miss(text: str, *, by: str) -> bool:
    """Count a search that found nothing, 30 an hour for each client `by`.

    What may be an e-mail or a number is not kept.
    """
    words = folded(text)[:LONGEST].strip()
    digits = sum(char.isdigit() for char in words)
    if len(words) < SHORTEST or "@" in text or digits > len(words) // 2:
        return False
    try:
        ratelimit.check("search-miss", by, limit=MISSES_PER_HOUR, seconds=3600)
    except TooMany:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO forums_searchmiss (words, count, first_at, last_at) VALUES (%s, 1, now(), now())
               ON CONFLICT (words) DO UPDATE SET count = forums_searchmiss.count + 1, last_at = now()""",
            [words],
        )
    return True


def forget_misses() -> int:
    """Delete searches nobody repeated for half a year, and the rarest beyond what anybody reads."""
    old = SearchMiss.objects.filter(last_at__lt=timezone.now() - MISS_LIFE).delete()[0]
    rare = SearchMiss.objects.order_by("-count", "-last_at").values_list("pk", flat=True)[MISSES_KEPT:]
    return old + SearchMiss.objects.filter(pk__in=list(rare)).delete()[0]


def say_solved(profile: Profile | None, thread: Thread) -> Deflection | None:
    """Note that `thread` answered what somebody was about to ask, and close their draft.

    A member counts once a day.
    """
    with transaction.atomic():
        if profile is not None:
            Draft.objects.filter(profile=profile, key="ask").delete()
            lately = Deflection.objects.filter(
                profile=profile, thread=thread, created_at__gt=timezone.now() - ONCE_EVERY
            )
            if lately.exists():
                return None
        return Deflection.objects.create(thread=thread, profile=profile)
