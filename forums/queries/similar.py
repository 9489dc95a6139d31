"""Threads like what somebody is about to ask, or like one that is there.

Candidates are found by the rarest words of what is asked, straight from the index's postings; the best of
them are then compared word by word (the idea of BM25 over weighted fields), by trigrams of the subject, and
by whether they were solved. How common a word is, PostgreSQL's own statistics of the index say, so nothing is
counted.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from community.lib.markdown import excerpt, plain_text
from forums.models import Thread
from forums.words import folded, searchable

SHOWN = 8
SUBJECT_WEIGHT, BODY_WEIGHT, TAG_WEIGHT = 1.0, 0.5, 0.5  # of a word, by where it stands in what is asked
IN_SUBJECT, IN_TAGS, IN_QUESTION, IN_REPLIES = 3.0, 2.0, 1.0, 0.1  # of a word, by where it stands in a thread
SATURATION = 1.2  # how soon repeating a word stops counting
TRIGRAM_WEIGHT, SOLVED_WEIGHT = 0.5, 0.1
BODY_WORDS, SEARCHED_WORDS = 20, 12
POSTINGS, CANDIDATES, COMPARED = 400, 200, 60
BODY_CHARACTERS = 3000
KEEP_SECONDS = 600.0
EXCERPT_CHARACTERS = 320
INLINE = 3


@dataclass(slots=True)
class Similar:
    """A thread that may already answer what is asked.

    `score` orders one answer's threads and means nothing else.
    """

    id: int
    slug: str
    subject: str
    reply_count: int
    helper_reply_count: int
    is_question: bool
    solution_id: int | None
    score: float
    excerpt: str = ""
    solution_author: str = ""
    is_inline: bool = False  # one of the few whose solution is read without opening them

    @property
    def is_solved(self) -> bool:
        """Say whether the thread can have solved what is asked: a question with a solution."""
        return self.is_question and self.solution_id is not None

    @property
    def url(self) -> str:
        return f"/questions/{self.slug}/"


@dataclass(frozen=True)
class Words:
    """What is asked, as words and their weight."""

    weights: Mapping[str, float]
    subject: str = ""
    tags: Sequence[str] = field(default_factory=tuple)


def similar(subject: str, body: str = "", tags: Sequence[str] = (), *, limit: int = SHOWN) -> list[Similar]:
    """Return listed threads like this question, best first, the solution's beginning with each that has one."""
    words = _words_of(subject, body[:BODY_CHARACTERS], tags)
    found = _ranked(words, limit=limit, but=None)
    _add_solutions(found)
    return found


def related_ids(thread: Thread, *, limit: int = 5) -> list[int]:
    """Return the ids of listed threads like this one, best first."""
    opening = thread.posts.filter(number=1).values_list("body_html", flat=True).first() or ""
    words = _words_of(
        thread.subject, plain_text(opening[: BODY_CHARACTERS * 4])[:BODY_CHARACTERS], thread.tag_names
    )
    return [one.id for one in _ranked(words, limit=limit, but=thread.pk)]


def _words_of(subject: str, body: str, tags: Sequence[str]) -> Words:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT place, lexeme, array_length(positions, 1) FROM (VALUES ('s', to_tsvector('hearth', %s)),
                 ('b', to_tsvector('hearth', %s)), ('t', to_tsvector('hearth', %s))) AS given (place, words), unnest(words)""",
            [searchable(subject), searchable(body), searchable(" ".join(tags))],
        )
        rows = cursor.fetchall()
    weights: dict[str, float] = {}
    in_body = {word: times for place, word, times in rows if place == "b"}
    by_rarity = sorted(in_body, key=lambda word: -rarity(word) * min(in_body[word] or 1, 3))
    for word in by_rarity[:BODY_WORDS]:
        weights[word] = BODY_WEIGHT * math.sqrt(in_body[word] or 1)
    for place, word, _times in rows:
        if place != "b":
            weights[word] = weights.get(word, 0) + (SUBJECT_WEIGHT if place == "s" else TAG_WEIGHT)
    return Words(weights, subject, tuple(tags))


def _ranked(words: Words, *, limit: int, but: int | None) -> list[Similar]:
    worth = {word: weight * rarity(word) for word, weight in words.weights.items()}
    wanted = sorted(worth, key=lambda word: -worth[word])[:SEARCHED_WORDS]
    if not wanted:
        return []
    ids = _candidates({word: worth[word] for word in wanted}, but)
    found = {row[0]: Similar(*row, score=0.0) for row in _listed(ids)}
    scores = _scores(list(found)[:COMPARED], worth)
    subject = _trigrams(words.subject)
    for pk, one in found.items():
        one.score = scores.get(pk, 0.0) * (1 + TRIGRAM_WEIGHT * _alike(subject, _trigrams(one.subject)))
        if one.solution_id:
            one.score *= 1 + SOLVED_WEIGHT
    best = sorted((one for one in found.values() if one.score > 0), key=lambda one: (-one.score, -one.id))
    return best[:limit]


def _candidates(worth: Mapping[str, float], but: int | None) -> list[int]:
    """Return ids by the summed worth of the words they hold, most first: read from the postings, no text is
    looked at.
    """
    one = f"(SELECT id, %s::float8 AS worth FROM forums_threadindex WHERE vector @@ %s::tsquery LIMIT {POSTINGS})"
    parts = " UNION ALL ".join([one] * len(worth))
    values = [value for word, weight in worth.items() for value in (weight, quoted(word))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({parts}) found WHERE id <> %s GROUP BY id ORDER BY sum(worth) DESC, id DESC LIMIT {CANDIDATES}",
            [*values, but or 0],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _listed(ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return the listed ones among `ids` in their order."""
    fields = ("id", "slug", "subject", "reply_count", "helper_reply_count", "is_question", "solution_id")
    rows = {row[0]: row for row in Thread.objects.listed().filter(pk__in=ids).values_list(*fields)}
    return [rows[pk] for pk in ids if pk in rows]


def _scores(ids: Sequence[int], worth: Mapping[str, float]) -> dict[int, float]:
    scores: dict[int, float] = {}
    if not ids:
        return scores
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT i.id, u.lexeme, array_to_string(u.weights, '') FROM forums_threadindex i, unnest(i.vector) u
               WHERE i.id = ANY(%s) AND u.lexeme = ANY(%s)""",
            [list(ids), list(worth)],
        )
        for pk, word, places in cursor.fetchall():
            often = (
                IN_SUBJECT * ("A" in places) + IN_TAGS * ("B" in places)
                + IN_QUESTION * places.count("C") + IN_REPLIES * places.count("D")
            )  # fmt: skip
            scores[pk] = scores.get(pk, 0.0) + worth[word] * often / (often + SATURATION)
    return scores


def _add_solutions(found: Sequence[Similar]) -> None:
    from forums.models import Post

    ids = [one.solution_id for one in found if one.solution_id]
    rows = (
        Post.objects.shown().filter(pk__in=ids).values_list("pk", "body_html", "author__name") if ids else ()
    )
    texts = {pk: (html, name) for pk, html, name in rows}
    for one in found:
        html, one.solution_author = texts.get(one.solution_id or 0, ("", ""))
        one.excerpt = excerpt(plain_text(html[: EXCERPT_CHARACTERS * 20]), EXCERPT_CHARACTERS) if html else ""
    for one in [one for one in found if one.excerpt][:INLINE]:
        one.is_inline = True


def quoted(word: str) -> str:
    """Return a word as a tsquery of it alone."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _trigrams(text: str) -> frozenset[str]:
    return frozenset(
        padded[i : i + 3]
        for word in folded(text).split()
        for padded in [f"  {word} "]
        for i in range(len(padded) - 2)
    )


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


_kept: tuple[float, dict[str, float], float] = (0.0, {}, 1.0)
_lock = threading.Lock()


def rarity(word: str) -> float:
    """Return how much a word tells (the logarithm of how few threads hold it), by statistics at most ten
    minutes old.
    """
    global _kept
    until, common, rare = _kept
    if until < time.monotonic():
        with _lock:
            common, rare = _statistics()
            _kept = (time.monotonic() + KEEP_SECONDS, common, rare)
    return common.get(word, rare)


def _statistics() -> tuple[dict[str, float], float]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats
               WHERE tablename = 'forums_threadindex' AND attname = 'vector' AND schemaname = ANY(current_schemas(false))"""
        )
        words, shares = cursor.fetchone() or (None, None)
    if not words or not shares:
        return {}, 1.0
    common = {
        word: math.log(1 + (1 - share) / max(share, 1e-9)) for word, share in zip(words, shares, strict=False)
    }
    return common, max(common.values()) + math.log(3)
