"""The threads a thread's page names as like it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from community.lib.prepared import Prepared
from community.lib.tasks import enqueue
from forums.models import Thread

FRESH = timedelta(days=7)
ASKED_SECONDS = 600


@dataclass(slots=True)
class Related:
    """A line of the list."""

    id: int
    slug: str
    subject: str
    reply_count: int
    helper_reply_count: int
    is_question: bool
    solution_id: int | None


_listed = Prepared(
    lambda ids: (
        Thread.objects.listed()
        .filter(pk__in=ids)
        .values_list(
            "id", "slug", "subject", "reply_count", "helper_reply_count", "is_question", "solution_id"
        )
    )
)


def related(thread: Thread) -> list[Related]:
    """Return listed threads like this one, best first: one query, none where there are none.

    `thread` is from `find_thread`.
    """
    ids, made_at = thread.related_ids, thread.related_at  # type: ignore[attr-defined]
    if (made_at is None or made_at < timezone.now() - FRESH) and cache.add(
        f"relating:{thread.pk}", 1, ASKED_SECONDS
    ):
        from forums.tasks import relate_thread

        enqueue(relate_thread, thread.pk, queue="bulk")
    if not ids:
        return []
    rows = {values[0]: Related(*values) for values in _listed(ids=ids)}
    return [rows[pk] for pk in ids if pk in rows]
