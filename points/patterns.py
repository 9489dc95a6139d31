"""Odd patterns in how points are earned. Apps on the right add theirs, to look into their own tables.

A pattern proves nothing: it says where to look. Each costs a fixed number of queries and returns a bounded list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.registry import Registry
from points.queries.patterns import bursts, gift_pairs, mutual_pairs, one_way_pairs

SHOWN = 50


@dataclass(frozen=True)
class Found:
    """The ids of the people concerned, and a sentence on what was found."""

    profile_ids: tuple[int, ...]
    detail: str
    count: int


@dataclass(frozen=True)
class Pattern:
    """`find(since, limit)` returns the strongest first; `why` says what is odd about it."""

    label: str | Promise
    why: str | Promise
    find: Callable[[datetime, int], list[Found]]


PATTERNS: Registry[Pattern] = Registry("odd patterns")


def add_patterns() -> None:
    """Add what the ledger itself shows."""
    for key, label, why, find in (
        ("mutual", gettext_lazy("Two people who solve for each other"),
         gettext_lazy("Each repeatedly marked replies of the other as the solution."), _mutual),
        ("one-way", gettext_lazy("One person who always marks the same other person"),
         gettext_lazy("This can be a good helper or a second account."), _one_way),
        ("gifts", gettext_lazy("Moderators who repeatedly award points to the same person"),
         gettext_lazy("One moderator awarded points to one person several times."), _gifts),
        ("bursts", gettext_lazy("Many points within an hour"),
         gettext_lazy("Faster than people usually read and write."), _bursts),
    ):  # fmt: skip
        PATTERNS.add(key, Pattern(label, why, find))


def _mutual(since: datetime, limit: int) -> list[Found]:
    said = _("%(one)d and %(other)d solutions marked for each other")
    return [Found((a, b), said % {"one": n, "other": m}, n + m) for a, b, n, m in mutual_pairs(since, limit)]


def _one_way(since: datetime, limit: int) -> list[Found]:
    said = _("%(count)d of the %(all)d solutions that the first person marked")
    return [
        Found((a, b), said % {"count": n, "all": total}, n) for a, b, n, total in one_way_pairs(since, limit)
    ]


def _gifts(since: datetime, limit: int) -> list[Found]:
    said = _("Points awarded %(count)d times, %(points)d in total")
    return [
        Found((a, b), said % {"count": n, "points": points}, n)
        for a, b, n, points in gift_pairs(since, limit)
    ]


def _bursts(since: datetime, limit: int) -> list[Found]:
    said = _("%(points)d points in %(count)d transactions within the hour from %(hour)s")
    return [
        Found(
            (who,),
            said % {"points": points, "count": n, "hour": date_format(timezone.localtime(hour), "Y-m-d H:i")},
            points,
        )
        for who, hour, n, points in bursts(since, limit)
    ]
