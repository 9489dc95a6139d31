"""Search: threads by all their words, posts within them, people and tags.

A thread is found by its stored words (`ThreadIndex`), the newest `RANKED` of those that match are ranked, the
best `FOUND` make the pages: whatever is asked, the work is bounded. Nothing that is not listed is ever found,
for anybody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from forums.models.thread import State
from forums.queries import highlights, spelling
from forums.queries.similar import quoted
from forums.words import folded, last_word, searchable, wanted_words, web_query

RANKED, FOUND, PAGE_SIZE = 300, 100, 20
PHRASE_LOOKED_AT = (
    1000  # whether words stand side by side takes reading the stored words, so only of so many newest
)
SHORTEST_PREFIX = 2
POSTS_OF_THREAD, POSTS_OF_AUTHOR = 300, 1000
WEIGHTS = "{0.1,0.3,0.6,1}"  # of replies, question, solution and tags, subject
SOLVED_WEIGHT = 0.1
_SIDE_BY_SIDE = re.compile(r"(?<=' )<(?:-|\d{1,4})>(?= ')")


@dataclass(frozen=True)
class SearchQuery:
    """What somebody looks for.

    An unknown `state` is no filter; `author_id` is who wrote the post or opened the thread.
    """

    text: str
    topic_id: int | None = None
    author_id: int | None = None
    state: str = ""
    tag: str = ""
    after: datetime | None = None
    before: datetime | None = None

    @property
    def is_filtered(self) -> bool:
        return self != SearchQuery(self.text)


@dataclass(frozen=True)
class Query:
    """What was typed, as PostgreSQL reads it.

    `some` matches any of its words; both are empty where no word is left.
    """

    all: str
    some: str
    lexemes: tuple[str, ...]
    subject: str = ""


@dataclass(slots=True)
class SearchHit:
    """A thread that was found, with the post that says most of it."""

    id: int
    slug: str
    subject: str
    author_id: int
    author_name: str
    topic_name: str
    topic_slug: str
    tag_names: list[str]
    created_at: datetime
    last_activity_at: datetime
    reply_count: int
    helper_reply_count: int
    vote_count: int
    is_question: bool
    solution_id: int | None
    score: float = 0.0
    post_id: int | None = None
    post_number: int = 1
    post_author_id: int | None = None
    post_author_name: str = ""
    post_created_at: datetime | None = None
    title: SafeString = field(default_factory=SafeString)
    excerpt: SafeString = field(default_factory=SafeString)

    @property
    def url(self) -> str:
        return f"/questions/post/{self.post_id}/" if self.post_number > 1 else f"/questions/{self.slug}/"


@dataclass(frozen=True)
class SearchResults:
    """Ranked (score, thread id, post id), best first.

    `corrected`: what was looked for instead; `some`: not every word holds.
    """

    query: Query
    ranked: Sequence[tuple[float, int, int]] = ()
    corrected: str = ""
    some: bool = False


def parse(text: str) -> Query:
    """Return what was typed as queries. One statement; never fails, whatever was typed."""
    wanted = wanted_words(text)
    last = last_word(text)
    if not wanted:
        return Query("", "", ())
    prefix = f"{last}:*" if len(last) >= SHORTEST_PREFIX else ""
    head = web_query(text[: text.rfind(text.split()[-1])]) if prefix else web_query(text)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (websearch_to_tsquery('hearth', %(head)s)
                   && (websearch_to_tsquery('hearth', %(last)s) || to_tsquery('hearth', %(prefix)s)))::text,
                 to_tsquery('hearth', %(prefix)s)::text, tsvector_to_array(to_tsvector('hearth', %(wanted)s))""",
            {
                "head": head,
                "last": last if prefix else "",
                "prefix": prefix,
                "wanted": searchable(" ".join(wanted)),
            },
        )
        everything, beginning, lexemes = cursor.fetchone()
    if not lexemes and not beginning:
        return Query("", "", (), folded(" ".join(wanted)))
    some = " | ".join([*(quoted(word) for word in lexemes), *([beginning] if beginning else [])])
    return Query(everything, some, tuple(lexemes) or (last,))


def find_threads(asked: SearchQuery) -> SearchResults:
    """Return the listed threads that match: with every word, else with misspelt words mended, else with some
    of them.
    """
    return _found(asked, rank_threads)


def find_posts(asked: SearchQuery) -> SearchResults:
    """Return the shown posts of listed threads that hold every word."""
    return _found(asked, rank_posts)


def _found(asked: SearchQuery, rank: Any) -> SearchResults:
    query = parse(asked.text)
    ranked = rank(asked, query, query.all)
    if ranked or not query.lexemes:
        return SearchResults(query, ranked)
    better = spelling.mended(asked.text)
    if better:
        mended = parse(better)
        if ranked := rank(replace(asked, text=better), mended, mended.all):
            return SearchResults(mended, ranked, corrected=better)
    if len(query.lexemes) > 1 and (ranked := rank(asked, query, query.some)):
        return SearchResults(query, ranked, some=True)
    return SearchResults(query)


def rank_threads(asked: SearchQuery, query: Query, words: str) -> list[tuple[float, int, int]]:
    """Return (score, thread id, 0) of listed threads that match `words`, best first."""
    conditions, values = _conditions(asked)
    if not words:
        return _by_subject(query, conditions, values)
    loose = _without_places(words)
    limit = RANKED if loose == words else PHRASE_LOOKED_AT
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH newest AS MATERIALIZED (
                  SELECT t.id, i.head, i.vector, (t.solution_id IS NOT NULL)::int AS solved
                  FROM forums_threadindex i JOIN forums_thread t ON t.id = i.id
                  WHERE i.vector @@ %(loose)s::tsquery AND {conditions} ORDER BY t.last_activity_at DESC LIMIT {limit}),
                hits AS (SELECT * FROM newest {"" if loose == words else "WHERE vector @@ %(words)s::tsquery"} LIMIT {RANKED})
                SELECT round(((ts_rank('{WEIGHTS}', head, %(some)s::tsquery) * 2
                               + ts_rank('{WEIGHTS}', vector, %(words)s::tsquery, 1))
                       * (1 + {SOLVED_WEIGHT} * solved))::numeric, 6)::float8 AS score, id
                FROM hits ORDER BY score DESC, id DESC LIMIT {FOUND}""",
            {**values, "words": words, "loose": loose, "some": query.some},
        )
        return [(score, pk, 0) for score, pk in cursor.fetchall()]


def _without_places(words: str) -> str:
    """Return a query that asks for the words of phrases anywhere: what an index answers without reading the
    texts.
    """
    return words if "!" in words else _SIDE_BY_SIDE.sub("&", words)


def _by_subject(query: Query, conditions: str, values: dict[str, Any]) -> list[tuple[float, int, int]]:
    """Find words too common to be indexed ("how to") in subjects, by trigrams."""
    if len(query.subject) < 3:
        return []
    pattern = query.subject.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT id FROM (SELECT t.id, t.last_activity_at FROM forums_threadindex i JOIN forums_thread t ON t.id = i.id
                  WHERE i.subject LIKE %(pattern)s AND {conditions} LIMIT {RANKED}) hits
                ORDER BY last_activity_at DESC, id DESC LIMIT {FOUND}""",
            {**values, "pattern": f"%{pattern}%"},
        )
        rows = [pk for (pk,) in cursor.fetchall()]
    return [(float(len(rows) - place), pk, 0) for place, pk in enumerate(rows)]


def _conditions(asked: SearchQuery) -> tuple[str, dict[str, Any]]:
    """Return SQL about a thread `t` and its values: listed, and as the filters say."""
    parts, values = ["t.is_listed"], {}
    states = {
        State.UNANSWERED: "t.is_question AND t.helper_reply_count = 0",
        State.UNSOLVED: "t.is_question AND t.solution_id IS NULL",
        State.SOLVED: "t.is_question AND t.solution_id IS NOT NULL",
        State.WAITING: "t.is_question AND t.solution_id IS NULL AND (t.helper_reply_count = 0 OR t.not_solved_at IS NOT NULL)",
    }
    if asked.state in State.values:
        parts.append(states[State(asked.state)])
    for name, value, condition in (
        ("topic", asked.topic_id, "t.topic_id = %(topic)s"),
        ("author", asked.author_id, "t.author_id = %(author)s"),
        ("tag", asked.tag or None, "t.tag_names @> ARRAY[%(tag)s]::varchar[]"),
        ("after", asked.after, "t.created_at >= %(after)s"),
        ("before", asked.before, "t.created_at < %(before)s"),
    ):
        if value is not None:
            parts.append(condition)
            values[name] = value
    return " AND ".join(parts), values


def rank_posts(asked: SearchQuery, query: Query, words: str) -> list[tuple[float, int, int]]:
    """Return (score, thread id, post id) of shown posts that match `words`, best first."""
    if not words:
        return []
    about_thread, values = _conditions(replace(asked, author_id=None, after=None, before=None))
    values |= {"words": words, "author": asked.author_id, "after": asked.after, "before": asked.before}
    if asked.author_id is not None:
        source = f"""(SELECT p.* FROM forums_post p WHERE p.author_id = %(author)s
                      ORDER BY p.created_at DESC, p.id DESC LIMIT {POSTS_OF_AUTHOR}) p"""
    else:
        values["threads"] = [
            pk for _score, pk, _post in rank_threads(replace(asked, after=None, before=None), query, words)
        ]
        source = f"""unnest(%(threads)s::bigint[]) given (id) CROSS JOIN LATERAL
                     (SELECT p.* FROM forums_post p WHERE p.thread_id = given.id ORDER BY p.number LIMIT {POSTS_OF_THREAD}) p"""
    dates = "".join(
        f" AND p.created_at {sign} %({name})s"
        for name, sign in (("after", ">="), ("before", "<"))
        if values[name]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT round(ts_rank(i.vector, %(words)s::tsquery, 1)::numeric, 6)::float8 AS score, p.thread_id, p.id
                FROM {source} JOIN forums_postindex i ON i.id = p.id JOIN forums_thread t ON t.id = p.thread_id
                WHERE p.hidden_at IS NULL AND p.deleted_at IS NULL{dates} AND i.vector @@ %(words)s::tsquery AND {about_thread}
                ORDER BY score DESC, p.id DESC LIMIT {FOUND}""",
            values,
        )
        return list(cursor.fetchall())


def hits_of(found: SearchResults, ranked: Sequence[tuple[float, int, int]]) -> list[SearchHit]:
    """Return what a page shows of these, in their order, with words marked. A fixed number of statements."""
    rows = _threads([pk for _score, pk, _post in ranked])
    hits = [replace(rows[pk], score=score, post_id=post or None) for score, pk, post in ranked if pk in rows]
    highlights.add(hits, found.query.lexemes, found.query.some)
    return hits


def _threads(ids: Sequence[int]) -> dict[int, SearchHit]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT t.id, t.slug, t.subject, t.author_id, a.name, o.name, o.slug, t.tag_names, t.created_at, t.last_activity_at,
                 t.reply_count, t.helper_reply_count, t.vote_count, t.is_question, t.solution_id
               FROM forums_thread t JOIN forums_topic o ON o.id = t.topic_id JOIN profiles_profile a ON a.id = t.author_id
               WHERE t.id = ANY(%s) AND t.is_listed""",
            [list(set(ids))],
        )
        return {row[0]: SearchHit(*row) for row in cursor.fetchall()}
