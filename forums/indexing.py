"""Keeping the words that search reads in step with what is written, in the same transaction.

Locking contract: called with the thread's row locked, like the counters. What an import wrote is filled in by
`fill`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction

from community.lib.markdown import plain_text
from forums.models import Post, Thread
from forums.words import TEXT_CHARACTERS, folded, searchable

BATCH = 500
# HTML is longer than its text; beyond this nothing of it is looked at.
HTML_CHARACTERS = TEXT_CHARACTERS * 4

_WRITE_POSTS = """INSERT INTO forums_postindex (id, vector)
    SELECT id, to_tsvector('hearth', words) FROM unnest(%s::bigint[], %s::text[]) AS given (id, words)
    ON CONFLICT (id) DO UPDATE SET vector = excluded.vector"""
_HEAD = "setweight(to_tsvector('hearth', line), 'A') || setweight(to_tsvector('hearth', tags), 'B')"
_WRITE_THREADS = f"""INSERT INTO forums_threadindex (id, subject, head, vector)
    SELECT id, subject, head, hearth_thread_words(id, head)
    FROM (SELECT id, subject, {_HEAD} AS head
          FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS given (id, subject, line, tags)) made
    ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, head = excluded.head, vector = excluded.vector"""
_APPEND = f"""WITH made AS ({_WRITE_POSTS} RETURNING vector)
    UPDATE forums_threadindex t SET vector = t.vector || setweight(made.vector, 'D')
    FROM made WHERE t.id = %s AND length(t.vector) < 3000"""


def index_posts(posts: Iterable[Post]) -> None:
    """Store the words of posts; their threads' words are put together afterwards."""
    _write_posts([(post.pk, post.body_html) for post in posts])


def index_threads(threads: Iterable[Thread]) -> None:
    """Put the words of threads together: after a change of subject, tags, solution, or of which posts are
    shown.
    """
    _write_threads([(thread.pk, thread.subject, list(thread.tag_names)) for thread in threads])


def index_reply(thread: Thread, post: Post) -> None:
    """Store the words of a new reply, behind those of its thread when it is shown."""
    if post.hidden_at:
        index_posts([post])
        return
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [[post.pk], [words_of(post.body_html)], thread.pk])


def index_again(thread_ids: Sequence[int]) -> None:
    """Put the words of these threads together as they are in the database now."""
    for start in range(0, len(thread_ids), BATCH):
        rows = Thread.objects.filter(pk__in=thread_ids[start : start + BATCH]).values_list(
            "pk", "subject", "tag_names"
        )
        _write_threads(list(rows))


def fill() -> Iterator[int]:
    """Index every post that is not, then their threads and those that are not.

    Yields how many rows after each batch.
    """
    touched: set[int] = set()
    for rows in _batches("forums_post", "p.thread_id, p.body_html", "forums_postindex"):
        with transaction.atomic():
            _write_posts([(pk, html) for pk, _thread, html in rows])
        touched.update(thread_id for _pk, thread_id, _html in rows)
        yield len(rows)
    for rows in _batches("forums_thread", "p.subject, p.tag_names", "forums_threadindex"):
        with transaction.atomic():
            _write_threads(rows)
        touched.difference_update(pk for pk, *_words in rows)
        yield len(rows)
    ids = sorted(touched)
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            index_again(ids[start : start + BATCH])
        yield len(ids[start : start + BATCH])


def wrong_rows() -> Iterator[tuple[int, list[int], list[int]]]:
    """Yield, batch by batch, how many rows were looked at and the ids of posts and threads whose words are
    missing or stale.
    """
    for rows in _batches("forums_post", "p.body_html", None):
        yield len(rows), _wrong_posts(rows), []
    for rows in _batches("forums_thread", "p.subject, p.tag_names", None):
        yield len(rows), [], _wrong_threads(rows)


def mend(posts: Sequence[int], threads: Sequence[int]) -> None:
    """Write the words of these posts anew, and of their threads and these threads."""
    if posts:
        rows = Post.objects.filter(pk__in=posts).values_list("pk", "body_html", "thread_id")
        with transaction.atomic():
            _write_posts([(pk, html) for pk, html, _thread in rows])
            index_again(sorted({thread for _pk, _html, thread in rows}))
    if threads:
        with transaction.atomic():
            index_again(threads)


def _write_posts(rows: Sequence[tuple[int, str]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE_POSTS, [[pk for pk, _html in rows], [words_of(html) for _pk, html in rows]])


def _write_threads(rows: Sequence[tuple[int, str, list[str]]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE_THREADS, _columns(rows))


def _columns(rows: Sequence[tuple[int, str, list[str]]]) -> list[list[object]]:
    return [
        [pk for pk, _subject, _tags in rows],
        [folded(subject) for _pk, subject, _tags in rows],
        [searchable(subject) for _pk, subject, _tags in rows],
        [searchable(" ".join(tags)) for _pk, _subject, tags in rows],
    ]


def words_of(html: str) -> str:
    """Return the words of a post's HTML as they are indexed."""
    return searchable(plain_text(html[:HTML_CHARACTERS]))


def _wrong_posts(rows: Sequence[tuple[int, str]]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT given.id FROM unnest(%s::bigint[], %s::text[]) AS given (id, words)
               LEFT JOIN forums_postindex i ON i.id = given.id
               WHERE i.vector IS DISTINCT FROM to_tsvector('hearth', given.words)""",
            [[pk for pk, _html in rows], [words_of(html) for _pk, html in rows]],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _wrong_threads(rows: Sequence[tuple[int, str, list[str]]]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT made.id FROM (SELECT id, subject, {_HEAD} AS head
                FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS given (id, subject, line, tags)) made
                LEFT JOIN forums_threadindex i ON i.id = made.id
                WHERE (i.subject, i.head, i.vector) IS DISTINCT FROM
                      (made.subject, made.head, hearth_thread_words(made.id, made.head))""",
            _columns(rows),
        )
        return [pk for (pk,) in cursor.fetchall()]


def _batches(
    table: str, columns: str, missing_in: str | None
) -> Iterator[list[tuple[int, *tuple[object, ...]]]]:
    """Walk `table` by id; with `missing_in`, only the rows that have none of their id there.

    Names are our own.
    """
    missing = f"AND NOT EXISTS (SELECT 1 FROM {missing_in} i WHERE i.id = p.id)" if missing_in else ""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT p.id, {columns} FROM {table} p WHERE p.id > %s {missing} ORDER BY p.id LIMIT {BATCH}",
                [last],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]
