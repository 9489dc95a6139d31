"""Lists of threads: sorted, filtered, paged by key so that the last page costs what the first does."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.dateparse import parse_datetime

from community.lib.prepared import Prepared
from forums.models import Post, Thread, ThreadQuerySet, ThreadRead
from forums.models.thread import State
from profiles.models import Profile
from profiles.models.profile import initials

PAGE_SIZE = 20
FACES = 3
SORTS = {"latest": "created_at", "active": "last_activity_at", "popular": "hot_score"}
ROW_VALUES = (
    "id", "slug", "subject", "author_id", "topic_id", "tag_names", "created_at", "last_activity_at", "reply_count", "vote_count",
    "last_number", "solution_id", "is_question", "helper_reply_count", "participant_ids", "docs_page", "hot_score",
    "pinned_at", "archived_at", "locked_at", "author__name",
)  # fmt: skip


class BadCursor(ValueError):
    """A cursor nobody of us made."""


@dataclass(slots=True)
class Face:
    """A small avatar."""

    id: int
    name: str
    avatar: str
    tone: int
    team_id: int | None

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def avatar_url(self) -> str:
        return f"{settings.MEDIA_URL}{self.avatar}" if self.avatar else ""

    @property
    def is_team(self) -> bool:
        return self.team_id is not None


@dataclass(slots=True)
class ListedThread:
    """A thread as a list shows it: a slim row, not a model."""

    id: int
    slug: str
    subject: str
    author_id: int
    topic_id: int
    tag_names: list[str]
    created_at: datetime
    last_activity_at: datetime
    reply_count: int
    vote_count: int
    last_number: int
    solution_id: int | None
    is_question: bool
    helper_reply_count: int
    participant_ids: list[int]
    docs_page: str
    hot_score: float
    pinned_at: datetime | None
    archived_at: datetime | None
    locked_at: datetime | None
    author_name: str


@dataclass
class ThreadRow:
    """A thread in a list, with what its reader has not seen."""

    thread: ListedThread
    faces: list[Face] = field(default_factory=list)
    unseen: int = 0
    is_new: bool = False
    is_read: bool = False


@dataclass
class ThreadPage:
    """One page of a list. Cursors are None where there is nothing further that way."""

    rows: list[ThreadRow]
    newer: str | None
    older: str | None
    is_first: bool
    is_last: bool
    divider: int | None = None


def encode_cursor(thread: ListedThread, sort: str) -> str:
    """Return the place of `thread` in a list as an opaque word."""
    value = getattr(thread, SORTS[sort])
    raw = json.dumps([value.isoformat() if isinstance(value, datetime) else value, thread.id])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_cursor(word: str, sort: str) -> tuple[Any, int]:
    """Return (sort value, id). Raises BadCursor."""
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        if sort == "popular":
            return float(value), _small(pk)
        moment = parse_datetime(value)
        if moment is None or moment.tzinfo is None:
            raise BadCursor
        return moment, _small(pk)
    except (
        ValueError,
        TypeError,
        binascii.Error,
        UnicodeDecodeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise BadCursor from error


def _small(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise BadCursor
    return value


def filtered(
    *,
    topic_id: int | None = None,
    topic_ids: Sequence[int] = (),
    tag: str = "",
    state: str = "",
    author_id: int | None = None,
    waits_for: int | None = None,
) -> ThreadQuerySet:
    """Return listed threads that match. An unknown `state` is no filter.

    `waits_for` is an asker: their unsolved questions in which somebody else had the last word.
    """
    threads: ThreadQuerySet = Thread.objects.listed()
    if state in State.values:
        threads = threads.in_state(state)
    if topic_id is not None:
        threads = threads.filter(topic_id=topic_id)
    if topic_ids:
        threads = threads.filter(topic_id__in=topic_ids)
    if author_id is not None:
        threads = threads.filter(author_id=author_id)
    if waits_for is not None:
        threads = threads.unsolved().filter(author_id=waits_for, helper_reply_count__gt=0, not_solved_at=None)
        newest = (
            Post.objects.shown().filter(thread=OuterRef("pk")).order_by("-number").values("author_id")[:1]
        )
        threads = threads.alias(last_word=Subquery(newest)).exclude(last_word=waits_for)
    if tag:
        threads = threads.filter(tag_names__contains=[tag])
    return threads


@dataclass(frozen=True)
class ThreadFilter:
    """Which threads a list is of; an unknown `state` is no filter."""

    topic_id: int | None = None
    topic_ids: tuple[int, ...] = ()
    tag: str = ""
    state: str = ""
    author_id: int | None = None
    waits_for: int | None = None

    def bound(self) -> dict[str, Any]:
        """Return what the prepared query is given: only what there is."""
        given = {
            "topic_id": self.topic_id,
            "topic_ids": self.topic_ids or None,
            "tag": self.tag or None,
            "author_id": self.author_id,
            "waits_for": self.waits_for,
        }
        return {name: value for name, value in given.items() if value is not None}


@cache
def _page_query(state: str, sort: str, backwards: bool, limit: int) -> Prepared:
    def build(cursor_value: Any = None, cursor_id: Any = None, **wanted: Any) -> QuerySet[Thread, Any]:
        key = SORTS[sort]
        order = (F(key).asc(), F("pk").asc()) if backwards else (F(key).desc(), F("pk").desc())
        rows: QuerySet[Thread] = filtered(state=state, **wanted).order_by(*order)
        if cursor_id is not None:
            rows = _beyond(rows, key, cursor_value, cursor_id, up=backwards)
        return rows.values_list(*ROW_VALUES)[:limit]

    return Prepared(build)


def page_of(
    wanted: ThreadFilter,
    *,
    sort: str,
    after: str = "",
    before: str = "",
    last: bool = False,
    size: int = PAGE_SIZE,
) -> ThreadPage:
    """Return one page by key: after a cursor, before one, the first, or the last.

    One query. Raises BadCursor.
    """
    backwards = bool(before) or last
    given = wanted.bound()
    if word := (before or after):
        given["cursor_value"], given["cursor_id"] = decode_cursor(word, sort)
    state = wanted.state if wanted.state in State.values else ""
    found = [ListedThread(*values) for values in _page_query(state, sort, backwards, size + 1)(**given)]
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    at_start = more if backwards else bool(after)
    at_end = bool(before) if backwards else more
    return ThreadPage(
        rows=[ThreadRow(thread) for thread in found],
        newer=encode_cursor(found[0], sort) if found and at_start else None,
        older=encode_cursor(found[-1], sort) if found and at_end else None,
        is_first=not at_start,
        is_last=not at_end,
    )


def _beyond(rows: QuerySet[Thread], key: str, value: Any, pk: Any, *, up: bool) -> QuerySet[Thread]:
    side = "gt" if up else "lt"
    # The plain bound lets PostgreSQL start in the index at the cursor; the pair settles equal keys.
    return rows.filter(
        Q(**{f"{key}__{side}e": value})
        & (Q(**{f"{key}__{side}": value}) | Q(**{key: value, f"pk__{side}": pk}))
    )


_pinned = Prepared(
    lambda topic_id: (
        Thread.objects.listed()
        .filter(topic_id=topic_id, pinned_at__isnull=False)
        .order_by("-pinned_at")
        .values_list(*ROW_VALUES)[:10]
    )
)


def pinned_rows(topic_id: int) -> list[ThreadRow]:
    """Return a topic's pinned threads, newest pin first, at most ten."""
    return rows_of(_pinned(topic_id=topic_id))


def rows_of(values: Iterable[tuple[Any, ...]]) -> list[ThreadRow]:
    """Return a row for each tuple of ROW_VALUES."""
    return [ThreadRow(ListedThread(*one)) for one in values]


_seen = Prepared(
    lambda profile_id, ids: ThreadRead.objects.filter(profile_id=profile_id, thread__in=ids).values_list(
        "thread_id", "number"
    )
)
_faces = Prepared(
    lambda ids: Profile.objects.filter(pk__in=ids).values_list("id", "name", "avatar", "tone", "team_id")
)


def dress(rows: list[ThreadRow], viewer: Profile | None) -> None:
    """Give rows their faces and, for a member, their unread marks: one query each, whatever the number of
    rows.
    """
    ids = list({pk for row in rows for pk in row.thread.participant_ids[:FACES]})
    faces = {values[0]: Face(*values) for values in (_faces(ids=ids) if ids else ())}
    for row in rows:
        row.faces = [faces[pk] for pk in row.thread.participant_ids[:FACES] if pk in faces]
    if viewer is None or not rows:
        return
    seen = dict(_seen(profile_id=viewer.pk, ids=[row.thread.id for row in rows]))
    for row in rows:
        thread = row.thread
        number = seen.get(thread.id)
        if number is None:
            row.is_new = thread.created_at > viewer.read_all_before and thread.author_id != viewer.pk
            row.is_read = not row.is_new
        else:
            row.unseen = max(0, thread.last_number - number)
            row.is_read = row.unseen == 0


def place_divider(page: ThreadPage, viewer: Profile | None, sort: str) -> None:
    """Find the row before which “You were here” stands, when the page spans the reader's last visit."""
    last_visit = viewer.user.previous_visit_at if viewer and viewer.user else None
    if last_visit is None or sort == "popular":
        return
    newer = [getattr(row.thread, SORTS[sort]) > last_visit for row in page.rows]
    if any(newer) and not all(newer):
        page.divider = newer.index(False)
