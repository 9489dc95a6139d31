"""Lists of threads: sorted, filtered, paged by key so that the last page costs what the first does."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_datetime

from forums.models import Thread, ThreadQuerySet, ThreadRead
from forums.models.thread import State
from profiles.models import Profile

PAGE_SIZE = 20
FACES = 3
SORTS = {"latest": "created_at", "active": "last_activity_at", "popular": "hot_score"}
ROW_FIELDS = (
    "id", "slug", "subject", "author_id", "topic_id", "tag_names", "created_at", "last_activity_at", "reply_count", "vote_count",
    "last_number", "solution_id", "is_question", "helper_reply_count", "participant_ids", "docs_page", "hot_score",
    "pinned_at", "archived_at", "locked_at", "author__name", "author__id",
)  # fmt: skip


class BadCursor(ValueError):
    """A cursor nobody of us made."""


@dataclass(frozen=True)
class Face:
    """A small avatar."""

    id: int
    name: str
    initials: str
    tone: int
    avatar_url: str | None
    is_team: bool


@dataclass
class Row:
    """A thread in a list, with what its reader has not seen."""

    thread: Thread
    faces: list[Face] = field(default_factory=list)
    unseen: int = 0
    is_new: bool = False
    is_read: bool = False


@dataclass
class ThreadPage:
    """One page of a list. Cursors are None where there is nothing further that way."""

    rows: list[Row]
    newer: str | None
    older: str | None
    is_first: bool
    is_last: bool
    divider: int | None = None


def encode_cursor(thread: Thread, sort: str) -> str:
    """Return the place of `thread` in a list as an opaque word."""
    value = getattr(thread, SORTS[sort])
    raw = json.dumps([value.isoformat() if isinstance(value, datetime) else value, thread.pk])
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
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise BadCursor from error


def _small(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise BadCursor
    return value


def filtered(*, topic_id: int | None = None, tag: str = "", state: str = "", author_id: int | None = None) -> ThreadQuerySet:
    """Return listed threads that match. An unknown `state` is no filter."""
    threads: ThreadQuerySet = Thread.objects.listed()
    if state in State.values:
        threads = threads.in_state(state)
    if topic_id is not None:
        threads = threads.filter(topic_id=topic_id)
    if author_id is not None:
        threads = threads.filter(author_id=author_id)
    if tag:
        threads = threads.filter(tag_names__contains=[tag])
    return threads


def page_of(
    threads: ThreadQuerySet, *, sort: str, after: str = "", before: str = "", last: bool = False, size: int = PAGE_SIZE
) -> ThreadPage:
    """Return one page by key: after a cursor, before one, the first, or the last. Two queries. Raises BadCursor."""
    key = SORTS[sort]
    backwards = bool(before) or last
    order = (F(key).asc(), F("pk").asc()) if backwards else (F(key).desc(), F("pk").desc())
    rows: QuerySet[Thread] = threads.select_related("author").only(*ROW_FIELDS).order_by(*order)
    if word := (before or after):
        rows = _beyond(rows, key, *decode_cursor(word, sort), up=bool(before))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    at_start = more if backwards else bool(after)
    at_end = bool(before) if backwards else more
    return ThreadPage(
        rows=[Row(thread) for thread in found],
        newer=encode_cursor(found[0], sort) if found and at_start else None,
        older=encode_cursor(found[-1], sort) if found and at_end else None,
        is_first=not at_start,
        is_last=not at_end,
    )


def _beyond(rows: QuerySet[Thread], key: str, value: Any, pk: int, *, up: bool) -> QuerySet[Thread]:
    side = "gt" if up else "lt"
    # The plain bound lets PostgreSQL start in the index at the cursor; the pair settles equal keys.
    return rows.filter(Q(**{f"{key}__{side}e": value}) & (Q(**{f"{key}__{side}": value}) | Q(**{key: value, f"pk__{side}": pk})))


def pinned_rows(topic_id: int) -> list[Row]:
    """Return a topic's pinned threads, newest pin first, at most ten."""
    threads = Thread.objects.listed().filter(topic_id=topic_id, pinned_at__isnull=False)
    return [Row(thread) for thread in threads.select_related("author").only(*ROW_FIELDS).order_by("-pinned_at")[:10]]


def dress(rows: list[Row], viewer: Profile | None) -> None:
    """Give rows their faces and, for a member, their unread marks: one query each, whatever the number of rows."""
    ids = {pk for row in rows for pk in row.thread.participant_ids[:FACES]}
    faces = {face.id: face for face in _faces(ids)}
    for row in rows:
        row.faces = [faces[pk] for pk in row.thread.participant_ids[:FACES] if pk in faces]
    if viewer is None:
        return
    seen = dict(
        ThreadRead.objects.filter(profile=viewer, thread__in=[row.thread.pk for row in rows]).values_list("thread_id", "number")
    )
    for row in rows:
        thread = row.thread
        number = seen.get(thread.pk)
        if number is None:
            row.is_new = thread.created_at > viewer.read_all_before and thread.author_id != viewer.pk
            row.is_read = not row.is_new
        else:
            row.unseen = max(0, thread.last_number - number)
            row.is_read = row.unseen == 0


def _faces(ids: set[int]) -> list[Face]:
    if not ids:
        return []
    profiles = Profile.objects.filter(pk__in=ids).only("id", "name", "avatar", "tone", "team_id")
    return [Face(one.pk, one.name, one.initials, one.tone, one.avatar_url, one.is_team) for one in profiles]


def place_divider(page: ThreadPage, viewer: Profile | None, sort: str) -> None:
    """Find the row before which “You were here” stands, when the page spans the reader's last visit."""
    last_visit = viewer.user.previous_visit_at if viewer and viewer.user else None
    if last_visit is None or sort == "popular":
        return
    newer = [getattr(row.thread, SORTS[sort]) > last_visit for row in page.rows]
    if any(newer) and not all(newer):
        page.divider = newer.index(False)
