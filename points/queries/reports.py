"""What moderators see of all points together: by week, by reward, by giver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from points.models import Gift, Kind, Redemption

ROWS = 100
WEEK = timedelta(days=7)
ISSUED = (Kind.REPLY, Kind.SOLUTION, Kind.ACHIEVEMENT, Kind.GIFT)
SPENT = (Kind.REDEMPTION, Kind.REFUND)


@dataclass(frozen=True)
class Week:
    """One week from Monday: what was issued, taken back (as a positive number) and redeemed, and what was
    left at its end.
    """

    monday: date
    issued: int
    taken_back: int
    redeemed: int
    outstanding: int


def monday_of(moment: datetime) -> datetime:
    """Return the beginning of the week of `moment`, in the site's time zone."""
    zone = timezone.get_default_timezone()
    day = moment.astimezone(zone).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), tzinfo=zone)


def first_monday(weeks: int) -> datetime:
    """Return when a period of so many weeks began; this week is its last."""
    zone = timezone.get_default_timezone()
    return datetime.combine(monday_of(timezone.now()).date() - (weeks - 1) * WEEK, time(), tzinfo=zone)


def weekly(weeks: int) -> list[Week]:
    """Return the last `weeks` weeks, oldest first: two statements.

    What was left at the end of each comes from what is left now, by taking the weeks off one by one.
    """
    zone = timezone.get_default_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(balance), 0) FROM points_account WHERE kind = 'wallet'")
        left = int(cursor.fetchone()[0])
        cursor.execute(
            """SELECT date_trunc('week', created_at, %s) AT TIME ZONE %s,
                      coalesce(sum(amount) FILTER (WHERE kind = ANY(%s)), 0),
                      coalesce(-sum(amount) FILTER (WHERE kind = ANY(%s)), 0),
                      coalesce(-sum(amount) FILTER (WHERE kind = ANY(%s)), 0)
               FROM points_transaction WHERE created_at >= %s GROUP BY 1""",
            [zone, zone, list(ISSUED), [Kind.REVERSAL, Kind.RESTORATION], list(SPENT), first_monday(weeks)],
        )
        found = {monday.date(): [int(one) for one in sums] for monday, *sums in cursor.fetchall()}
    rows: list[Week] = []
    monday = monday_of(timezone.now()).date()
    # What is dated ahead of now belongs to no week that is shown, and is in the balance already.
    left -= sum(issued - back - spent for day, (issued, back, spent) in found.items() if day > monday)
    for _number in range(weeks):
        issued, back, spent = found.get(monday, (0, 0, 0))
        rows.append(Week(monday, issued, back, spent, left))
        left -= issued - back - spent
        monday -= WEEK
    return rows[::-1]


def by_reward(since: datetime) -> list[dict[str, Any]]:
    """Return what was redeemed of each reward since then: how often, refunded, points, and what it cost in
    money.
    """
    kept = Q(refunded_at=None)
    rows = Redemption.objects.filter(created_at__gte=since).order_by().values("reward_id", "reward__title")
    counted = rows.annotate(
        taken=Count("pk", filter=kept), refunded=Count("pk", filter=~kept), points=Sum("price", filter=kept),
        money=Sum("cost", filter=kept),
    )  # fmt: skip
    return [
        {
            **row,
            "title": row["reward__title"],
            "points": row["points"] or 0,
            "money": row["money"] or Decimal(0),
        }
        for row in counted.order_by("-points", "reward_id")[:ROWS]
    ]


def by_giver(since: datetime) -> list[dict[str, Any]]:
    """Return what each moderator gave since then: gifts, points, how many people, and the largest."""
    rows = Gift.objects.filter(created_at__gte=since).order_by().values("giver_id", name=F("giver__name"))
    counted = rows.annotate(gifts=Count("pk"), total=Sum("points"), people=Count("receiver", distinct=True))
    return [dict(row) for row in counted.order_by("-total", "giver_id")[:ROWS]]
