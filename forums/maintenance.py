"""Proving and mending what is stored twice: counters, sort keys, rendered bodies.

Set-based, in batches by key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from forums.counters import HOT_HALF_SECONDS

BATCH = 5000
SHOWN = "p.hidden_at IS NULL AND p.deleted_at IS NULL"

# What each table's counters must be, as one SELECT of (id, field, …) for ids in a range.
TRUTHS: dict[str, tuple[tuple[str, ...], str]] = {
    "forums_post": (
        ("vote_count",),
        """SELECT p.id, p.imported_score + (SELECT count(*) FROM forums_vote v WHERE v.post_id = p.id)::int AS vote_count
           FROM forums_post p WHERE p.id BETWEEN %(low)s AND %(high)s""",
    ),
    "forums_thread": (
        (
            "reply_count",
            "comment_count",
            "helper_reply_count",
            "vote_count",
            "me_too_count",
            "last_number",
            "last_activity_at",
            "first_reply_at",
            "first_team_reply_at",
            "is_question",
            "tag_names",
            "hot_score",
        ),
        f"""SELECT f.*, round((log(greatest(1, 1 + f.vote_count * 2 + f.helper_reply_count)::numeric)
                        + extract(epoch FROM f.created_at)::numeric / {HOT_HALF_SECONDS}), 7)::float8 AS hot_score
           FROM (SELECT t.id, t.created_at,
             count(*) FILTER (WHERE p.number > 1 AND {SHOWN})::int AS reply_count,
             count(*) FILTER (WHERE p.number > 1 AND p.is_comment AND {SHOWN})::int AS comment_count,
             count(*) FILTER (WHERE p.number > 1 AND p.author_id <> t.author_id AND {SHOWN})::int AS helper_reply_count,
             coalesce(max(p.vote_count) FILTER (WHERE p.number = 1), 0)::int AS vote_count,
             (SELECT count(*) FROM forums_metoo m WHERE m.thread_id = t.id)::int AS me_too_count,
             greatest(t.last_number, coalesce(max(p.number), 1)) AS last_number,
             greatest(t.created_at, max(p.created_at) FILTER (WHERE p.number > 1 AND {SHOWN})) AS last_activity_at,
             min(p.created_at) FILTER (WHERE p.number > 1 AND p.author_id <> t.author_id AND {SHOWN}) AS first_reply_at,
             min(p.created_at) FILTER (WHERE p.number > 1 AND p.author_id <> t.author_id AND p.by_team AND {SHOWN}) AS first_team_reply_at,
             (SELECT o.solutions_enabled FROM forums_topic o WHERE o.id = t.topic_id) AS is_question,
             ARRAY(SELECT g.name::varchar(40) FROM forums_thread_tags j JOIN forums_tag g ON g.id = j.tag_id
                   WHERE j.thread_id = t.id ORDER BY g.name COLLATE "C") AS tag_names
           FROM forums_thread t LEFT JOIN forums_post p ON p.thread_id = t.id
           WHERE t.id BETWEEN %(low)s AND %(high)s GROUP BY t.id) f""",
    ),
    "forums_topic": (
        ("thread_count", "unanswered_count", "solved_count"),
        """SELECT o.id, count(t.id)::int AS thread_count,
             count(t.id) FILTER (WHERE t.is_question AND t.helper_reply_count = 0)::int AS unanswered_count,
             count(t.id) FILTER (WHERE t.is_question AND t.solution_id IS NOT NULL)::int AS solved_count
           FROM forums_topic o LEFT JOIN forums_thread t ON t.topic_id = o.id AND t.is_listed
           WHERE o.id BETWEEN %(low)s AND %(high)s GROUP BY o.id""",
    ),
    "forums_tag": (
        ("thread_count",),
        """SELECT g.id, count(t.id)::int AS thread_count FROM forums_tag g
           LEFT JOIN forums_thread_tags j ON j.tag_id = g.id LEFT JOIN forums_thread t ON t.id = j.thread_id AND t.is_listed
           WHERE g.id BETWEEN %(low)s AND %(high)s GROUP BY g.id""",
    ),
    "profiles_profile": (
        ("thread_count", "reply_count", "solution_count"),
        f"""SELECT a.id,
             (SELECT count(*) FROM forums_thread t WHERE t.author_id = a.id AND t.hidden_at IS NULL AND t.deleted_at IS NULL)::int
               AS thread_count,
             (SELECT count(*) FROM forums_post p WHERE p.author_id = a.id AND p.number > 1 AND {SHOWN})::int AS reply_count,
             (SELECT count(*) FROM forums_thread t JOIN forums_post p ON p.id = coalesce(t.solution_id, t.kept_solution_id)
               WHERE p.author_id = a.id AND t.author_id <> a.id)::int AS solution_count
           FROM profiles_profile a WHERE a.id BETWEEN %(low)s AND %(high)s""",
    ),
}


@dataclass(frozen=True)
class Mismatch:
    """A stored number that is not true."""

    table: str
    id: int
    fields: str


def ranges(table: str) -> list[tuple[int, int]]:
    """Return the ranges of ids that cover `table`, `BATCH` ids each."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM {table}")  # noqa: S608  (our own names)
        first, last = cursor.fetchone()
    return [(low, min(low + BATCH - 1, last)) for low in range(first, last + 1, BATCH)]


def mismatches(table: str, low: int, high: int) -> list[Mismatch]:
    """Return the rows of a range whose counters differ from what they count."""
    fields, truth = TRUTHS[table]
    wrong = ", ".join(f"CASE WHEN ({_differs(name)}) THEN '{name}' END" for name in fields)
    anywhere = " OR ".join(f"({_differs(name)})" for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.id, concat_ws(', ', {wrong}) FROM {table} s JOIN ({truth}) x ON x.id = s.id WHERE {anywhere} ORDER BY s.id",  # noqa: S608
            {"low": low, "high": high},
        )
        return [Mismatch(table, pk, names) for pk, names in cursor.fetchall()]


def mend(table: str, low: int, high: int) -> int:
    """Set the counters of a range to the truth, rows locked in order of id.

    Returns how many rows were wrong.
    """
    fields, truth = TRUTHS[table]
    pairs = ", ".join(f"{name} = x.{name}" for name in fields)
    anywhere = " OR ".join(f"({_differs(name)})" for name in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {table} WHERE id BETWEEN %s AND %s ORDER BY id FOR UPDATE", [low, high]
        )  # noqa: S608
        cursor.execute(
            f"UPDATE {table} s SET {pairs} FROM ({truth}) x WHERE x.id = s.id AND ({anywhere})",  # noqa: S608
            {"low": low, "high": high},
        )
        return cursor.rowcount


def walk() -> Iterator[tuple[str, int, int]]:
    """Yield every table's ranges in the order in which counters feed each other."""
    for table in TRUTHS:
        for low, high in ranges(table):
            yield table, low, high


def _differs(name: str) -> str:
    if name == "hot_score":
        return "abs(s.hot_score - x.hot_score) > 0.000001"
    return f"s.{name} IS DISTINCT FROM x.{name}"
