"""What of the forum earns achievements, and how far people are with it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy, ngettext

from forums.actions.publishing import FOLLOWERS
from forums.models import Post, Thread
from points.actions.awards import check
from points.triggers import PEOPLE_HELPED, QUESTIONS, REPLIES, SOLUTIONS, TRIGGERS, Trigger


def _questions(profile_ids: Sequence[int]) -> dict[int, int]:
    asked = Thread.objects.filter(author__in=profile_ids, is_question=True, hidden_at=None, deleted_at=None)
    return dict(asked.order_by().values_list("author").annotate(Count("pk")))


def _replies(profile_ids: Sequence[int]) -> dict[int, int]:
    """Count replies to threads of others: the same that earn points."""
    replies = Post.objects.filter(author__in=profile_ids, number__gt=1, hidden_at=None, deleted_at=None)
    return dict(
        replies.exclude(thread__author=F("author")).order_by().values_list("author").annotate(Count("pk"))
    )


def _solutions(profile_ids: Sequence[int]) -> dict[int, int]:
    return dict(_solved(profile_ids).values_list("solution__author").annotate(Count("pk")))


def _people(profile_ids: Sequence[int]) -> dict[int, int]:
    return dict(_solved(profile_ids).values_list("solution__author").annotate(Count("author", distinct=True)))


def _solved(profile_ids: Sequence[int]) -> QuerySet[Thread]:
    """Threads of others that one of the people solved."""
    solved = Thread.objects.filter(
        solution__author__in=profile_ids, solution__hidden_at=None, solution__deleted_at=None
    )
    return solved.filter(hidden_at=None, deleted_at=None).exclude(author=F("solution__author")).order_by()


def _ask(count: int) -> str:
    return ngettext("Ask a question.", "Ask %(count)d questions.", count) % {"count": count}


def _reply(count: int) -> str:
    return ngettext(
        "Reply to someone else’s thread.", "Reply %(count)d times to threads of others.", count
    ) % {"count": count}


def _solve(count: int) -> str:
    return ngettext(
        "Write a reply that is chosen as the solution.",
        "Write %(count)d replies that are chosen as the solution.",
        count,
    ) % {"count": count}


def _help(count: int) -> str:
    return ngettext("Solve someone’s question.", "Solve questions of %(count)d people.", count) % {
        "count": count
    }


def register_triggers() -> None:
    """Add the forum's triggers, and look whenever a post is first shown."""
    TRIGGERS.add(QUESTIONS, Trigger(gettext_lazy("Questions asked"), _ask, _questions))
    TRIGGERS.add(REPLIES, Trigger(gettext_lazy("Replies to threads of others"), _reply, _replies))
    TRIGGERS.add(SOLUTIONS, Trigger(gettext_lazy("Solutions"), _solve, _solutions))
    TRIGGERS.add(PEOPLE_HELPED, Trigger(gettext_lazy("People helped"), _help, _people))
    FOLLOWERS.add("achievements", _check)


def _check(post: Post) -> None:
    if post.number == 1:
        check(post.author_id, QUESTIONS)
    elif post.author_id != post.thread.author_id:
        check(post.author_id, REPLIES)
