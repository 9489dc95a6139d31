"""Reputation follows what contributions earn, in the statement that books them, and the level follows reputation."""

from __future__ import annotations

import pytest

from points.actions.ledger import book, earn, reverse
from points.models import Kind
from profiles.levels import LEVELS, level_of


def _standing(profile):
    profile.refresh_from_db()
    return profile.reputation, profile.level


@pytest.mark.parametrize("level", LEVELS[1:], ids=lambda level: str(level.threshold))
def test_a_level_begins_at_its_threshold_and_ends_with_a_reversal(alice, level):
    earn(alice.pk, Kind.ACHIEVEMENT, cause="one", points=level.threshold - 1)
    assert _standing(alice) == (level.threshold - 1, level.number - 1)
    earn(alice.pk, Kind.ACHIEVEMENT, cause="two", points=1)
    assert _standing(alice) == (level.threshold, level_of(level.threshold).number)
    reverse("two")
    assert _standing(alice) == (level.threshold - 1, level.number - 1)


def test_gifts_make_no_reputation(alice):
    book(alice.pk, Kind.GIFT, 50, cause="gift")
    assert _standing(alice) == (0, 1)
