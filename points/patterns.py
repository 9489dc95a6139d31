"""Odd patterns in how points are earned: a registry, so that apps on the right can look into their own tables.

A pattern accuses nobody: it says where to look. Each costs a fixed number of queries and returns a bounded list.
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

from points.queries.patterns import bursts, gift_pairs, mutual_pairs, one_way_pairs

SHOWN = 50


@dataclass(frozen=True)
class Found:
    """Ids of the people it is about, and a sentence with what was seen."""

    profile_ids: tuple[int, ...]
    detail: str
    count: int


@dataclass(frozen=True)
class Pattern:
    """`find(since, limit)` returns the strongest first; `why` says in a sentence what is odd about it."""

    key: str
    label: str | Promise
    why: str | Promise
    find: Callable[[datetime, int], list[Found]]


_patterns: dict[str, Pattern] = {}


def add_pattern(pattern: Pattern) -> None:
    """Add a pattern, or replace the one with its key."""
    _patterns[pattern.key] = pattern


def patterns() -> list[Pattern]:
    """Return every pattern, in the order they were added."""
    return list(_patterns.values())


def add_own() -> None:
    """Register what the ledger itself shows."""
    add_pattern(
        Pattern(
            "mutual", gettext_lazy("Two people who solve for each other"),
            gettext_lazy("Each marked replies of the other as the solution, again and again."), _mutual,
        )
    )  # fmt: skip
    add_pattern(
        Pattern(
            "one-way", gettext_lazy("One person who always marks the same other"),
            gettext_lazy("Perhaps a good helper, perhaps a second account."), _one_way,
        )
    )  # fmt: skip
    add_pattern(
        Pattern(
            "gifts", gettext_lazy("Moderators who keep thanking the same person"),
            gettext_lazy("Several gifts from one hand to one person."), _gifts,
        )
    )  # fmt: skip
    add_pattern(
        Pattern(
            "bursts", gettext_lazy("Many points within an hour"),
            gettext_lazy("Faster than reading and writing usually is."), _bursts,
        )
    )  # fmt: skip


def _mutual(since: datetime, limit: int) -> list[Found]:
    said = _("%(one)d and %(other)d solutions for each other")
    return [Found((a, b), said % {"one": n, "other": m}, n + m) for a, b, n, m in mutual_pairs(since, limit)]


def _one_way(since: datetime, limit: int) -> list[Found]:
    said = _("%(count)d of the %(all)d solutions that the first marked")
    return [
        Found((a, b), said % {"count": n, "all": total}, n) for a, b, n, total in one_way_pairs(since, limit)
    ]


def _gifts(since: datetime, limit: int) -> list[Found]:
    said = _("%(count)d gifts, %(points)d points")
    return [
        Found((a, b), said % {"count": n, "points": points}, n)
        for a, b, n, points in gift_pairs(since, limit)
    ]


def _bursts(since: datetime, limit: int) -> list[Found]:
    said = _("%(points)d points in %(count)d bookings within the hour from %(hour)s")
    return [
        Found(
            (who,),
            said % {"points": points, "count": n, "hour": date_format(timezone.localtime(hour), "Y-m-d H:i")},
            points,
        )
        for who, hour, n, points in bursts(since, limit)
    ]
