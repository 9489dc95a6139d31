"""How many points contributions earn, and which account pays them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from points.models import Account, AccountKind, GiftCategory, Kind

REPLIES, SOLUTIONS, ACHIEVEMENTS, GIFTS, REDEMPTIONS, REVERSALS = -1, -2, -3, -4, -5, -6
SYSTEM_ACCOUNTS = {
    REPLIES: (AccountKind.ISSUANCE, "replies"),
    SOLUTIONS: (AccountKind.ISSUANCE, "solutions"),
    ACHIEVEMENTS: (AccountKind.ISSUANCE, "achievements"),
    GIFTS: (AccountKind.ISSUANCE, "gifts"),
    REDEMPTIONS: (AccountKind.REDEMPTION, "redemptions"),
    REVERSALS: (AccountKind.REVERSAL, "reversals"),
}
COUNTERPARTS: dict[str, int] = {
    Kind.REPLY: REPLIES,
    Kind.SOLUTION: SOLUTIONS,
    Kind.ACHIEVEMENT: ACHIEVEMENTS,
    Kind.GIFT: GIFTS,
    Kind.REDEMPTION: REDEMPTIONS,
    Kind.REFUND: REDEMPTIONS,
    Kind.REVERSAL: REVERSALS,
    Kind.RESTORATION: REVERSALS,
}


@dataclass(frozen=True)
class Earning:
    """`per_day` is how many contributions earn points on one day (None: all)."""

    points: int
    per_day: int | None = None


EARNINGS: dict[str, Earning] = {Kind.REPLY: Earning(1, per_day=5), Kind.SOLUTION: Earning(5)}
# What counts for reputation: contributions, not points from moderators. Spending lowers nothing.
CONTRIBUTIONS = frozenset({Kind.REPLY, Kind.SOLUTION, Kind.ACHIEVEMENT})


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """Return the start and end of the day `moment` falls on, in the site's time zone: the only definition of
    a day here.
    """
    zone = timezone.get_default_timezone()
    day = moment.astimezone(zone).date()
    return tuple(datetime.combine(one, time(), tzinfo=zone) for one in (day, day + timedelta(days=1)))  # type: ignore[return-value]


def open_system_accounts(**kwargs: Any) -> None:
    """Create the system accounts that are missing; runs after every migration."""
    rows = [Account(pk=pk, kind=kind, name=name) for pk, (kind, name) in SYSTEM_ACCOUNTS.items()]
    Account.objects.bulk_create(rows, ignore_conflicts=True)


# The first categories; admins edit them in Django admin.
GIFT_CATEGORIES = (
    ("pull-request", "Pull request"),
    ("helping-others", "Helping others"),
    ("good-report", "Good report"),
    ("spreading-the-word", "Spreading the word"),
    ("beyond", "Above and beyond"),
)


def offer_gift_categories(**kwargs: Any) -> None:
    """Create the first categories, unless there are any; runs after every migration."""
    if not GiftCategory.objects.exists():
        rows = [
            GiftCategory(slug=slug, name=name, position=place)
            for place, (slug, name) in enumerate(GIFT_CATEGORIES)
        ]
        GiftCategory.objects.bulk_create(rows, ignore_conflicts=True)
