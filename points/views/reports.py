"""The points report for moderators, as a page and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.lib.sheets import safe_cell
from points.charts import chart_of
from points.patterns import PATTERNS, SHOWN
from points.queries.reports import by_giver, by_reward, first_monday, weekly
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.permissions import require_moderator
from profiles.views.guards import signed_in

PERIODS = (13, 26, 52)
Table = tuple[list[str], Iterable[Iterable[object]]]


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
        "area": "people", "weeks": weeks, "periods": PERIODS, "rows": rows[::-1], "chart": chart_of(rows), "rewards": rewards,
        "givers": by_giver(since), "odd": _odd(since), "issued": sum(one.issued for one in rows),
        "redeemed": sum(one.redeemed for one in rows), "outstanding": rows[-1].outstanding, "money": money,
        "owed": rows[-1].outstanding * money / points if points else None,
    }  # fmt: skip
    return render(request, "points/report.html", context)


@require_safe
@signed_in
def points_sheet(request: HttpRequest, table: str) -> HttpResponse:
    """Return one of the tables as CSV."""
    require_moderator(request.viewer)
    if table not in SHEETS:
        raise Http404
    weeks = _weeks(request)
    head, rows = SHEETS[table](weeks)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([safe_cell(one) for one in row] for row in rows)
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


def _weeks_sheet(weeks: int) -> Table:
    head = [_("Week from"), _("Issued"), _("Taken back"), _("Redeemed"), _("Outstanding")]
    return head, [
        [one.monday.isoformat(), one.issued, one.taken_back, one.redeemed, one.outstanding]
        for one in weekly(weeks)
    ]


def _rewards_sheet(weeks: int) -> Table:
    head = [_("Reward"), _("Redeemed"), _("Refunded"), _("Points"), _("Cost")]
    rows = by_reward(first_monday(weeks))
    return head, [[one["title"], one["taken"], one["refunded"], one["points"], one["money"]] for one in rows]


def _givers_sheet(weeks: int) -> Table:
    head = [_("Moderator"), _("Awards"), _("Points"), _("Members")]
    return head, [
        [one["name"], one["gifts"], one["total"], one["people"]] for one in by_giver(first_monday(weeks))
    ]


def _odd_sheet(weeks: int) -> Table:
    rows = [
        [str(group["pattern"].label), ", ".join(person.name for person in one["people"]), one["detail"]]
        for group in _odd(first_monday(weeks))
        for one in group["rows"]
    ]
    return [_("Pattern"), _("Members"), _("Details")], rows


SHEETS = {"weeks": _weeks_sheet, "rewards": _rewards_sheet, "givers": _givers_sheet, "patterns": _odd_sheet}
