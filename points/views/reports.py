"""The points report for moderators, as a page and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from community.lib.sheets import safe_cell
from community.lib.verbs import Text
from points.charts import chart_of
from points.patterns import PATTERNS, SHOWN
from points.queries.reports import by_giver, by_reward, first_monday, weekly
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.permissions import require_moderator
from profiles.views.guards import signed_in

PERIODS = (13, 26, 52)


@require_safe
@signed_in
def points_report(request: HttpRequest) -> HttpResponse:
    """Show points issued, redeemed and outstanding, by week, reward and moderator, and odd patterns."""
    require_moderator(request.viewer)
    weeks = _weeks(request)
    since, rows = first_monday(weeks), weekly(weeks)
    rewards = by_reward(since)
    points, money = sum(one["points"] for one in rewards), sum(one["money"] for one in rewards)
    context = {
        "area": "people",
        "weeks": weeks,
        "periods": PERIODS,
        "rows": rows[::-1],
        "chart": chart_of(rows),
        "rewards": rewards,
        "givers": by_giver(since),
        "odd": _odd(since),
        "issued": sum(one.issued for one in rows),
        "redeemed": sum(one.redeemed for one in rows),
        "outstanding": rows[-1].outstanding,
        "money": money,
        "owed": rows[-1].outstanding * money / points if points else None,
    }
    return render(request, "points/report.html", context)


@require_safe
@signed_in
def points_sheet(request: HttpRequest, table: str) -> HttpResponse:
    """Return one of the tables as CSV."""
    require_moderator(request.viewer)
    if table not in SHEETS:
        raise Http404
    weeks = _weeks(request)
    rows, columns = SHEETS[table]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.values())
    for row in rows(weeks):
        values = row if isinstance(row, dict) else vars(row)
        writer.writerow([safe_cell(values[key]) for key in columns])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="points-{table}-{weeks}-weeks.csv"'
    return response


def _weeks(request: HttpRequest) -> int:
    asked = request.GET.get("weeks", "")
    return next((one for one in PERIODS if asked == str(one)), PERIODS[1])


def _odd(since: datetime) -> list[dict[str, Any]]:
    """Return each pattern with what it found; all profiles in one query."""
    found = [(pattern, pattern.find(since, SHOWN)) for pattern in PATTERNS]
    ids = {pk for _pattern, rows in found for one in rows for pk in one.profile_ids}
    people = Profile.objects.in_bulk(ids)
    return [
        {
            "pattern": pattern,
            "rows": [
                {"people": [people[pk] for pk in one.profile_ids if pk in people], "detail": one.detail}
                for one in rows
            ],
        }
        for pattern, rows in found
    ]


def _odd_rows(weeks: int) -> list[dict[str, Any]]:
    return [
        {
            "pattern": group["pattern"].label,
            "people": ", ".join(person.name for person in one["people"]),
            "detail": one["detail"],
        }
        for group in _odd(first_monday(weeks))
        for one in group["rows"]
    ]


# The rows of each CSV for a number of weeks, and the headings of their keys.
SHEETS: dict[str, tuple[Callable[[int], Iterable[Any]], dict[str, Text]]] = {
    "weeks": (
        weekly,
        {
            "monday": _("Week from"),
            "issued": _("Issued"),
            "taken_back": _("Taken back"),
            "redeemed": _("Redeemed"),
            "outstanding": _("Outstanding"),
        },
    ),
    "rewards": (
        lambda weeks: by_reward(first_monday(weeks)),
        {
            "title": _("Reward"),
            "taken": _("Redeemed"),
            "refunded": _("Refunded"),
            "points": _("Points"),
            "money": _("Cost"),
        },
    ),
    "givers": (
        lambda weeks: by_giver(first_monday(weeks)),
        {
            "name": _("Moderator"),
            "gifts": _("Awards"),
            "total": _("Points"),
            "people": _("Members"),
        },
    ),
    "patterns": (_odd_rows, {"pattern": _("Pattern"), "people": _("Members"), "detail": _("Details")}),
}
