"""The rules in words, from the tables that the actions read, so that the page is always right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from points.models import Kind
from points.policy import CONTRIBUTIONS, EARNINGS, Earning
from profiles.levels import LEVELS

WHAT: dict[str, str | Promise] = {
    Kind.REPLY: gettext_lazy("A reply to someone else’s thread"),
    Kind.SOLUTION: gettext_lazy("A reply marked as the solution of someone else’s question"),
    Kind.ACHIEVEMENT: gettext_lazy("An achievement"),
    Kind.GIFT: gettext_lazy("Points awarded by a moderator"),
}


@dataclass(frozen=True)
class Rule:
    """What earns points, how many, how often, and whether it counts for reputation."""

    what: str
    points: str
    limit: str
    counts: bool


def rules() -> list[Rule]:
    """Return a row for everything that earns points."""
    return [Rule(str(what), *_worth(kind), counts=kind in CONTRIBUTIONS) for kind, what in WHAT.items()]


def points_page() -> dict[str, object]:
    """Return the context of the page on points."""
    return {
        "rules": rules(), "levels": LEVELS, "zone": timezone.get_default_timezone_name(),
        "wait_hours": settings.REDEEM_MIN_AGE_HOURS,
    }  # fmt: skip


def _worth(kind: str) -> tuple[str, str]:
    rule: Earning | None = EARNINGS.get(kind)
    if rule is None:
        return OTHERWISE[kind]()
    limit = (
        ngettext("%(count)d a day", "%(count)d a day", rule.per_day) % {"count": rule.per_day}
        if rule.per_day
        else _("none")
    )
    return str(rule.points), limit


OTHERWISE: dict[str, Callable[[], tuple[str, str]]] = {
    Kind.ACHIEVEMENT: lambda: (_("see achievement"), _("once each")),
    Kind.GIFT: lambda: (
        _("from 1"),
        _("%(count)d points a day per moderator") % {"count": settings.GIFT_POINTS_PER_DAY},
    ),
}
