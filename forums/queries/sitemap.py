"""The map of what search engines may keep: parts of at most `PART` addresses, each with when it last changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection

from community.pages.models import Page
from profiles.models import Team
from profiles.queries import worth_indexing

PART = 10_000
Entry = tuple[str, datetime | None]


def index() -> list[Entry]:
    """Return (part, when it last changed) of every part that has an address."""
    parts: list[Entry] = [("pages-0", None), ("topics-0", None)]
    for kind, last in (("threads", _THREAD_PARTS), ("profiles", _PROFILE_PARTS)):
        with connection.cursor() as cursor:
            cursor.execute(last)
            parts += [(f"{kind}-{number}", moment) for number, moment in cursor.fetchall()]
    return parts


# An edit of a post inside a thread counts for the thread's entry; its part is dated by the threads' own
# moments.
_THREAD_PARTS = f"""SELECT id / {PART} AS part, greatest(max(last_activity_at), max(edited_at), max(solved_at))
    FROM forums_thread WHERE is_listed GROUP BY part ORDER BY part"""
_PROFILE_PARTS = f"""SELECT id / {PART} AS part, NULL FROM profiles_profile
    WHERE deactivated_at IS NULL AND (thread_count > 0 OR reply_count > 0 OR bio <> '') GROUP BY part ORDER BY part"""


def threads(number: int) -> list[Entry]:
    """Return listed threads by id: the address, and the last change a reader sees."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT '/questions/' || t.slug || '/', greatest(t.last_activity_at, t.edited_at, t.solved_at, (
                 SELECT max(p.edited_at) FROM forums_post p
                 WHERE p.thread_id = t.id AND p.hidden_at IS NULL AND p.deleted_at IS NULL))
               FROM forums_thread t WHERE t.is_listed AND t.id >= %s AND t.id < %s ORDER BY t.id""",
            [number * PART, (number + 1) * PART],
        )
        return list(cursor.fetchall())


def profiles(number: int) -> list[Entry]:
    """Return people who said something and did not come just now."""
    found = worth_indexing().filter(pk__gte=number * PART, pk__lt=(number + 1) * PART)
    return [(f"/community/profiles/{pk}/", None) for pk in found.order_by("pk").values_list("pk", flat=True)]


def topics(number: int) -> list[Entry]:
    """Return topics that have a listed thread, dated by the newest word in them."""
    if number:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT '/questions/topic/' || o.slug || '/', (SELECT t.last_activity_at FROM forums_thread t
                 WHERE t.topic_id = o.id AND t.is_listed ORDER BY t.last_activity_at DESC LIMIT 1)
               FROM forums_topic o WHERE o.thread_count > 0 ORDER BY o.id"""
        )
        return list(cursor.fetchall())


def pages(number: int) -> list[Entry]:
    """Return the site's own pages and teams."""
    if number:
        return []
    own: list[Entry] = [("/", None), ("/questions/", None), ("/community/achievements/", None)]
    own += [(page.get_absolute_url(), page.updated_at) for page in Page.objects.order_by("pk")[:PART]]
    return own + [(team.get_absolute_url(), None) for team in Team.objects.order_by("pk")[: PART - len(own)]]


PARTS: dict[str, Callable[[int], list[Entry]]] = {
    "threads": threads,
    "profiles": profiles,
    "topics": topics,
    "pages": pages,
}
