"""What of a found thread is shown: the post that says most, its best lines, and the looked-for words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from community.lib.markdown import plain_text
from forums.words import CJK, folded, searchable

if TYPE_CHECKING:
    from forums.queries.search import SearchHit

HTML_CHARACTERS, TEXT_CHARACTERS = (
    5_000,
    3_000,
)  # of a post, from its beginning: an excerpt is taken from these
EXCERPT, LEAD = 260, 60
POSTS_OF_THREAD = 100
STEM_TAIL = 2  # letters a stem may differ by from the word's own beginning

_TOKEN = re.compile(rf"[^\W_{CJK}]+(?:\+\+|#)?|\.net\b|[{CJK}]", re.I)


def add(hits: Sequence[SearchHit], lexemes: Sequence[str], some: str) -> None:
    """Give hits their excerpt and their marked title.

    At most three statements, whatever the number of hits.
    """
    if not hits:
        return
    posts = _chosen(hits) | _best(hits, some)
    texts: dict[int, str] = {}
    for place, hit in enumerate(hits):
        row = posts.get(hit.post_id or -hit.id)
        if row is not None:
            (
                hit.post_id,
                hit.post_number,
                hit.post_author_name,
                html,
                hit.post_author_id,
                hit.post_created_at,
            ) = row
            texts[place] = plain_text(html[:HTML_CHARACTERS])[:TEXT_CHARACTERS]
    marked = matching([*texts.values(), *(hit.subject for hit in hits)], lexemes, some)
    for place, hit in enumerate(hits):
        hit.title = mark(hit.subject, marked)
        hit.excerpt = excerpt(texts.get(place, ""), marked)


Row = tuple[int, int, str, str, int, datetime]  # id, number, author's name, HTML, author, when


def _chosen(hits: Iterable[SearchHit]) -> dict[int, Row]:
    """Return the posts that were themselves found, by their id."""
    ids = [hit.post_id for hit in hits if hit.post_id]
    return {row[0]: row[:6] for row in _rows("p.id = ANY(%s)", [ids])} if ids else {}


def _best(hits: Iterable[SearchHit], some: str) -> dict[int, Row]:
    """Return for each thread the post that says most of what is looked for, by minus the thread's id."""
    ids = [hit.id for hit in hits if not hit.post_id]
    if not ids:
        return {}
    source = f"""unnest(%s::bigint[]) given (id) CROSS JOIN LATERAL (
                   SELECT q.id FROM (SELECT id, number FROM forums_post WHERE thread_id = given.id AND hidden_at IS NULL
                     AND deleted_at IS NULL ORDER BY number LIMIT {POSTS_OF_THREAD}) q
                   JOIN forums_postindex i ON i.id = q.id AND i.vector @@ %s::tsquery
                   ORDER BY ts_rank(i.vector, %s::tsquery) DESC, q.number LIMIT 1) best"""
    found = _rows(f"p.id IN (SELECT best.id FROM {source})", [ids, some, some])
    # Where no post holds a word (the subject or a tag does), the thread's first is shown.
    rest = list(set(ids) - {row[6] for row in found})
    found += _rows("p.thread_id = ANY(%s) AND p.number = 1", [rest]) if rest else []
    return {-row[6]: row[:6] for row in found}


def _rows(condition: str, values: Sequence[Any]) -> list[tuple[int, int, str, str, int, datetime, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT p.id, p.number, a.name, left(p.body_html, {HTML_CHARACTERS}), p.author_id,
                  p.created_at, p.thread_id
                FROM forums_post p JOIN profiles_profile a ON a.id = p.author_id
                WHERE {condition} AND p.hidden_at IS NULL AND p.deleted_at IS NULL""",
            list(values),
        )
        return list(cursor.fetchall())


def matching(texts: Iterable[str], lexemes: Sequence[str], some: str) -> frozenset[str]:
    """Return which words of the texts are looked for.

    Their beginnings decide whom PostgreSQL is asked about.
    """
    if not lexemes or not some:
        return frozenset()
    beginnings = [lexeme[: max(2, len(lexeme) - STEM_TAIL)] for lexeme in lexemes]
    holds = re.compile("|".join(re.escape(one) for one in beginnings), re.I).search
    tokens = {token for text in texts for token in _TOKEN.findall(text)}
    # Words of plain letters are left out by a glance; the others may be written differently than they are
    # indexed.
    given = {
        token: searchable(token)
        for token in tokens
        if holds(token) or not (token.isascii() and token.isalnum())
    }
    likely = [
        word
        for word, parts in given.items()
        if any(part.startswith(tuple(beginnings)) for part in folded(parts).split())
    ]
    if not likely:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT word FROM unnest(%s::text[], %s::text[]) given (word, parts)
               WHERE to_tsvector('hearth', parts) @@ %s::tsquery""",
            [likely, [given[word] for word in likely], some],
        )
        return frozenset(word for (word,) in cursor.fetchall())


def mark(text: str, words: frozenset[str]) -> SafeString:
    """Return text as HTML with those words marked; everything else is escaped."""
    parts, end = [], 0
    for token in _TOKEN.finditer(text):
        if token[0] in words:
            parts += [escape(text[end : token.start()]), f"<mark>{escape(token[0])}</mark>"]
            end = token.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts).replace("</mark><mark>", ""))  # noqa: S308  (every part is escaped)


def excerpt(text: str, words: frozenset[str]) -> SafeString:
    """Return the part of a text with most different looked-for words, on one line, marked."""
    text = " ".join(text.split())
    places = [(token.start(), token[0].lower()) for token in _TOKEN.finditer(text) if token[0] in words]
    start = max(0, _best_start(places) - LEAD)
    if start:
        start = text.find(" ", start, start + LEAD) + 1 or start
    end = start + EXCERPT
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + EXCERPT // 2)
    cut = text[start:end].strip()
    return mark_safe(("… " if start else "") + mark(cut, words) + (" …" if end < len(text) else ""))  # noqa: S308


def _best_start(places: Sequence[tuple[int, str]]) -> int:
    best, at = 0, places[0][0] if places else 0
    for start, _word in places[:200]:
        different = len({word for place, word in places if start <= place < start + EXCERPT - LEAD})
        if different > best:
            best, at = different, start
    return at
