"""Looking through the ledger for what is odd.

Each function is one statement over the transactions since a time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from points.models import Gift, Kind

MUTUAL_AT_LEAST = 2  # each way
ONE_WAY_AT_LEAST, ONE_WAY_SHARE = 4, 60  # solutions, and per cent of what the first marked
GIFTS_AT_LEAST = 3
BURST_POINTS, BURST_BOOKINGS = 40, 12

# Solutions that paid: who marked, whose reply, how often. One that was marked, unmarked and marked again is
# one.
MARKS = """
WITH marks AS (
    SELECT t.actor_id AS marker, a.profile_id AS solver, count(*) AS n
    FROM points_transaction t JOIN points_account a ON a.id = t.wallet_id
    WHERE t.kind = %s AND t.created_at >= %s AND t.actor_id IS NOT NULL AND t.actor_id <> a.profile_id
    GROUP BY 1, 2
)
"""


def mutual_pairs(since: datetime, limit: int) -> list[tuple[int, int, int, int]]:
    """Return (one, other, solutions one marked of the other, and the other way round), each pair once."""
    statement = """
        SELECT x.marker, x.solver, x.n, y.n FROM marks x JOIN marks y ON y.marker = x.solver AND y.solver = x.marker
        WHERE x.marker < x.solver AND least(x.n, y.n) >= %s ORDER BY x.n + y.n DESC, x.marker, x.solver LIMIT %s"""
    return _rows(MARKS + statement, [Kind.SOLUTION, since, MUTUAL_AT_LEAST, limit])


def one_way_pairs(since: datetime, limit: int) -> list[tuple[int, int, int, int]]:
    """Return (marker, solver, solutions, all that the marker marked) where most went to one person."""
    statement = """
        SELECT marker, solver, n, total FROM (SELECT *, sum(n) OVER (PARTITION BY marker) AS total FROM marks) m
        WHERE n >= %s AND n * 100 >= total * %s ORDER BY n DESC, marker, solver LIMIT %s"""
    return _rows(MARKS + statement, [Kind.SOLUTION, since, ONE_WAY_AT_LEAST, ONE_WAY_SHARE, limit])


def gift_pairs(since: datetime, limit: int) -> list[tuple[int, int, int, int]]:
    """Return (giver, receiver, gifts, points) of those who were thanked often by one person."""
    pairs = Gift.objects.filter(created_at__gte=since).values_list("giver_id", "receiver_id")
    often = pairs.annotate(n=Count("pk"), total=Sum("points")).filter(n__gte=GIFTS_AT_LEAST)
    return list(often.order_by("-n", "giver_id", "receiver_id")[:limit])


def bursts(since: datetime, limit: int) -> list[tuple[int, datetime, int, int]]:
    """Return (person, hour, bookings, points) where somebody earned much within an hour; gifts are not
    earned.
    """
    statement = """
        SELECT a.profile_id, date_trunc('hour', t.created_at), count(*), sum(t.amount)
        FROM points_transaction t JOIN points_account a ON a.id = t.wallet_id
        WHERE t.kind IN (%s, %s, %s) AND t.created_at >= %s
        GROUP BY 1, 2 HAVING sum(t.amount) >= %s OR count(*) >= %s
        ORDER BY 4 DESC, 3 DESC, 1, 2 LIMIT %s"""
    kinds = [Kind.REPLY, Kind.SOLUTION, Kind.ACHIEVEMENT]
    return _rows(statement, [*kinds, since, BURST_POINTS, BURST_BOOKINGS, limit])


def _rows(statement: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
