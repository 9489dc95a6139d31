"""Moderation in numbers by month, without names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from community.audit.models import LogEntry
from moderation.models import Appeal, Complaint, Report, Sanction

MONTHS = 12
# Which entries of the log count as what.
TOOLS = {
    "thread.archived": "archived",
    "thread.hidden": "hidden",
    "post.hidden": "hidden",
    "thread.merged": "merged",
}


@dataclass
class Month:
    begins: datetime
    numbers: dict[str, int] = field(default_factory=dict)


def months() -> list[Month]:
    """Return the numbers of the past twelve months, the newest first; a constant number of queries."""
    since = _first_month()
    found: dict[datetime, Month] = {}
    _count(found, Complaint.objects.filter(created_at__gte=since), "created_at", "reports")
    _count(found, Report.objects.filter(decided_at__gte=since), "decided_at", "report_", "outcome")
    _count(found, Sanction.objects.filter(starts_at__gte=since), "starts_at", "sanction_", "kind")
    _count(found, Appeal.objects.filter(created_at__gte=since), "created_at", "appeals")
    _count(found, Appeal.objects.filter(decided_at__gte=since), "decided_at", "appeal_", "outcome")
    _count(
        found,
        LogEntry.objects.filter(action__in=TOOLS, created_at__gte=since),
        "created_at",
        "",
        "action",
        TOOLS,
    )
    return sorted(found.values(), key=lambda month: month.begins, reverse=True)


def _count(
    found: dict[datetime, Month],
    rows: QuerySet[Any],
    at: str,
    name: str,
    by: str = "",
    words: dict[str, str] | None = None,
) -> None:
    grouped = (
        rows.order_by()
        .annotate(month=TruncMonth(at))
        .values("month", *([by] if by else []))
        .annotate(n=Count("pk"))
    )
    for row in grouped:
        month = found.setdefault(row["month"], Month(row["month"]))
        key = (words[row[by]] if words else f"{name}{row[by]}") if by else name
        month.numbers[key] = month.numbers.get(key, 0) + row["n"]


def _first_month() -> datetime:
    now = timezone.localtime()
    year, month = divmod(now.year * 12 + now.month - MONTHS, 12)
    return now.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
