"""“Did this solve it?”: asked a day after the last helper's reply, at most twice a thread; answered by POST
only.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import pagecache
from forums import permissions
from forums.actions.changing import locked
from forums.models import Post, Resolution, ResolutionAnswer, Thread
from forums.notifications import notify_resolution_asked
from profiles.models import Profile

ASK_AFTER = timedelta(days=1)
LOOK_BACK = timedelta(days=14)  # older questions are not asked about
ASKS_PER_THREAD = 2
AT_A_TIME = 200

DUE = """
SELECT t.id, r.id FROM forums_thread t
JOIN profiles_profile a ON a.id = t.author_id AND a.deactivated_at IS NULL
JOIN profiles_user u ON u.id = a.user_id AND u.is_active
CROSS JOIN LATERAL (
  SELECT p.id, p.created_at FROM forums_post p
  WHERE p.thread_id = t.id AND p.number > 1 AND p.author_id <> t.author_id AND p.hidden_at IS NULL AND p.deleted_at IS NULL
  ORDER BY p.number DESC LIMIT 1
) r
WHERE t.is_listed AND t.is_question AND t.solution_id IS NULL AND t.helper_reply_count > 0
  AND t.last_activity_at > %(oldest)s AND r.created_at > %(oldest)s AND r.created_at <= %(newest)s
  AND NOT EXISTS (SELECT 1 FROM forums_resolution x WHERE x.thread_id = t.id AND x.post_id = r.id)
  AND (SELECT count(*) FROM forums_resolution x WHERE x.thread_id = t.id) < %(most)s
ORDER BY r.created_at LIMIT %(limit)s"""


def ask_if_solved(*, now: datetime | None = None, limit: int = AT_A_TIME) -> int:
    """Ask the askers whose last helper has been silent for a day.

    Safe to run twice. Returns how many were asked.
    """
    now = now or timezone.now()
    values: dict[str, Any] = {
        "oldest": now - LOOK_BACK,
        "newest": now - ASK_AFTER,
        "most": ASKS_PER_THREAD,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(DUE, values)
        due = cursor.fetchall()
    return sum(_ask(thread_id, post_id, now) for thread_id, post_id in due)


def say_not_yet(actor: Profile | None, thread: Thread) -> Thread:
    """Say that it is not solved: the thread waits for the team again. Raises PermissionDenied."""
    actor = permissions.require_writer(actor)
    with transaction.atomic():
        thread = locked(thread.pk)
        if thread.author_id != actor.pk:
            raise PermissionDenied(_("Only the asker can say whether the question is solved."))
        if thread.solution_id or not thread.is_question:
            raise PermissionDenied(_("This question is no longer open."))
        close_resolutions(thread, ResolutionAnswer.NOT_YET)
        thread.not_solved_at = timezone.now()
        thread.save(update_fields=["not_solved_at"])
        pagecache.bump(pagecache.LISTS)
    return thread


def close_resolutions(thread: Thread, answer: ResolutionAnswer) -> None:
    """Note the answer to what the asker was asked. Part of the caller's transaction."""
    Resolution.objects.filter(thread=thread, answered_at=None).update(
        answer=answer, answered_at=timezone.now()
    )


def _ask(thread_id: int, post_id: int, now: datetime) -> int:
    with transaction.atomic():
        thread = locked(thread_id)
        if thread.solution_id or Resolution.objects.filter(thread=thread).count() >= ASKS_PER_THREAD:
            return 0
        post = Post.objects.shown().filter(pk=post_id).first()
        if (
            post is None
            or not Resolution.objects.get_or_create(thread=thread, post=post, defaults={"created_at": now})[1]
        ):
            return 0
        notify_resolution_asked(thread, post)
    return 1
