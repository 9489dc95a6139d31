"""Levels: named thresholds of reputation, and the one verb that changes reputation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Value, When
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from profiles.models import Profile


@dataclass(frozen=True)
class Level:
    """From `threshold` points of reputation on, a person is called `name`."""

    number: int
    name: str | Promise
    threshold: int


# A reply earns 1 and a solution 5, so Kindling is a few good evenings and Beacon some years of them.
LEVELS = (
    Level(1, _("Spark"), 0),
    Level(2, _("Kindling"), 25),
    Level(3, _("Flame"), 100),
    Level(4, _("Blaze"), 400),
    Level(5, _("Beacon"), 1500),
)

# `add_reputation` as a part of another statement, with the parameters delta, delta, profile id.
STEPS = ", ".join(str(level.threshold) for level in LEVELS[1:])
ADD_REPUTATION = f"""UPDATE profiles_profile
    SET reputation = reputation + %s, level = 1 + width_bucket(reputation + %s, ARRAY[{STEPS}]) WHERE id = %s"""  # noqa: S608


def level_of(reputation: int) -> Level:
    """Return the level of a reputation.

    Reversals may leave less than nothing: that is the first level still.
    """
    return next((level for level in reversed(LEVELS) if reputation >= level.threshold), LEVELS[0])


def level_named(number: int) -> Level:
    """Return the level with a number, the nearest there is."""
    return LEVELS[min(max(number, 1), len(LEVELS)) - 1]


def next_level(reputation: int) -> Level | None:
    """Return the level after the one a reputation gives, or None at the last."""
    return next((level for level in LEVELS if level.threshold > max(reputation, 0)), None)


def add_reputation(profile_id: int, delta: int) -> None:
    """Add `delta` (negative for a reversal) to a person's reputation; their level follows.

    One row update in the caller's transaction, so two at once both count. Who may is the caller's to know.
    """
    Profile.objects.filter(pk=profile_id).update(
        reputation=F("reputation") + delta, level=_level(F("reputation") + delta)
    )


def settle_levels(**kwargs: Any) -> int:
    """Set every profile's level by the current table and return how many changed. Runs after migrations."""
    return Profile.objects.exclude(level=_level(F("reputation"))).update(level=_level(F("reputation")))


def _level(reputation: Any) -> Case:
    falling = [
        When(GreaterThanOrEqual(reputation, one.threshold), then=Value(one.number))
        for one in reversed(LEVELS[1:])
    ]
    return Case(*falling, default=Value(LEVELS[0].number))
