"""Stored counters and sort keys, changed in the transaction of what they count (`forums.actions.changing`)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q

from forums.models import Post, Tag, Thread, Topic
from profiles.models import Profile

HOT_HALF_SECONDS = 45_000  # time in which a tenfold of interest is outweighed by newness
PARTICIPANTS = 5


@dataclass(frozen=True)
class ListingState:
    """What a thread counts for in its topic and tags."""

    topic_id: int
    listed: bool
    unanswered: bool
    solved: bool
    tag_names: tuple[str, ...]


def is_listed(thread: Thread) -> bool:
    """Say in Python what the generated column says in the database."""
    return not (
        thread.archived_at
        or thread.hidden_at
        or thread.deleted_at
        or thread.merged_into_id
        or thread.page_only
    )


def listing_state(thread: Thread) -> ListingState:
    listed = is_listed(thread)
    return ListingState(
        thread.topic_id,
        listed,
        listed and thread.is_question and thread.helper_reply_count == 0,
        listed and thread.is_question and thread.solution_id is not None,
        tuple(thread.tag_names) if listed else (),
    )


def move_counters(before: ListingState | None, after: ListingState | None) -> None:
    """Move topic and tag counters from `before` to `after`, in order of id (None: there was, or is, no such
    thread).
    """
    topics: dict[int, Counter[str]] = {}
    tags: Counter[str] = Counter()
    for sign, state in ((-1, before), (1, after)):
        if state is None:
            continue
        counts = topics.setdefault(state.topic_id, Counter())
        counts["thread_count"] += sign * state.listed
        counts["unanswered_count"] += sign * state.unanswered
        counts["solved_count"] += sign * state.solved
        for name in state.tag_names:
            tags[name] += sign
    for topic_id in sorted(topics):
        changes = {field: F(field) + by for field, by in topics[topic_id].items() if by}
        if changes:
            Topic.objects.filter(pk=topic_id).update(**changes)
    for name in sorted(name for name, by in tags.items() if by):
        Tag.objects.filter(name=name).update(thread_count=F("thread_count") + tags[name])


def hot_score(*, votes: int, helpers: int, created_at: datetime) -> float:
    """Return the sort key of Popular: the logarithm of interest plus the time of asking.

    It never needs recomputing as time passes, because newer threads start higher (the idea of Reddit's
    "hot").
    """
    interest = max(1, 1 + votes * 2 + helpers)
    return round(math.log10(interest) + created_at.timestamp() / HOT_HALF_SECONDS, 7)


THREAD_COUNTERS = (
    "reply_count", "comment_count", "helper_reply_count", "vote_count", "last_activity_at", "hot_score",
    "first_reply_at", "first_team_reply_at", "participant_ids",
)  # fmt: skip


def measure(thread: Thread) -> dict[str, object]:
    """Return the true values of a thread's counters, read from its posts."""
    shown = thread.posts.filter(hidden_at=None, deleted_at=None)
    replies, helper = Q(number__gt=1), Q(number__gt=1) & ~Q(author=thread.author_id)
    facts = shown.aggregate(
        reply_count=Count("pk", filter=replies),
        comment_count=Count("pk", filter=replies & Q(is_comment=True)),
        helper_reply_count=Count("pk", filter=helper),
        newest=Max("created_at", filter=replies),
        first_reply_at=Min("created_at", filter=helper),
        first_team_reply_at=Min("created_at", filter=helper & Q(by_team=True)),
    )
    newest = facts.pop("newest")
    votes = thread.posts.filter(number=1).values_list("vote_count", flat=True).first() or 0
    latest = (
        shown.filter(helper)
        .values("author")
        .annotate(at=Max("number"))
        .order_by("-at")
        .values_list("author", flat=True)
    )
    facts["vote_count"] = votes
    facts["last_activity_at"] = max(newest, thread.created_at) if newest else thread.created_at
    facts["hot_score"] = hot_score(
        votes=votes, helpers=facts["helper_reply_count"], created_at=thread.created_at
    )
    facts["participant_ids"] = [thread.author_id, *latest[: PARTICIPANTS - 1]]
    return facts


def remeasure(thread: Thread) -> list[str]:
    """Set a locked thread's counters to their true values; return the names of the fields, for
    `update_fields`.
    """
    for field, value in measure(thread).items():
        setattr(thread, field, value)
    return list(THREAD_COUNTERS)


def add_participant(ids: Iterable[int], asker_id: int, profile_id: int) -> list[int]:
    """Return the faces of a thread after `profile_id` replied: asker first, then the latest."""
    others = [profile_id] if profile_id != asker_id else []
    others += [one for one in ids if one not in (asker_id, profile_id)]
    return [asker_id, *others[: PARTICIPANTS - 1]]


def count_for_author(profile_id: int, by: Mapping[str, int]) -> None:
    """Move the public counters of a profile."""
    moved = {field: F(field) + step for field, step in by.items() if step}
    if moved:
        Profile.objects.filter(pk=profile_id).update(**moved)


def counts(row: Post | Thread) -> bool:
    """Say whether a post or thread counts for its author: neither hidden nor deleted."""
    return not (row.hidden_at or row.deleted_at)
