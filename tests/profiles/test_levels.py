"""Levels follow reputation."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from profiles.levels import LEVELS, add_reputation, level_of, next_level, settle_levels
from profiles.models import Profile


def _standing(profile):
    profile.refresh_from_db()
    return profile.reputation, profile.level


def test_a_level_comes_with_its_threshold_and_goes_below_it(alice):
    for level in LEVELS[1:]:
        add_reputation(alice.pk, level.threshold - alice.reputation - 1)
        assert _standing(alice) == (level.threshold - 1, level.number - 1)
        add_reputation(alice.pk, 1)
        assert _standing(alice) == (level.threshold, level.number)
    add_reputation(alice.pk, -2000)
    assert _standing(alice) == (-500, 1)


def test_the_table_says_what_comes_next():
    assert [level_of(value).number for value in (-5, 0, 24, 25, 99, 100, 10_000)] == [1, 1, 1, 2, 2, 3, 5]
    assert next_level(-5) == LEVELS[1]
    assert next_level(25) == LEVELS[2]
    assert next_level(1500) is None


def test_a_changed_table_applies_after_the_next_migration(alice):
    Profile.objects.filter(pk=alice.pk).update(reputation=100, level=1)
    assert settle_levels() == 1
    assert _standing(alice) == (100, 3)
    assert settle_levels() == 0


def test_the_level_stands_beside_the_name(thread, reply, bob, as_):
    add_reputation(bob.pk, 120)
    page = as_(None).get(f"/questions/{thread.slug}/").content.decode()
    assert '<span class="badge" title="Level 3 of 5">Flame</span>' in page
    assert "Flame" in as_(None).get(f"/community/profiles/{bob.pk}/").content.decode()
    answer = as_(None).get(f"/api/v1/posts/{reply.pk}/").json()
    assert answer["author"]["level"] == 3


@pytest.mark.django_db(transaction=True)
def test_two_at_once_both_count(alice):
    def add() -> None:
        for _time in range(10):
            add_reputation(alice.pk, 5)
        connection.close()

    racers = [threading.Thread(target=add) for _racer in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert _standing(alice) == (200, 3)
