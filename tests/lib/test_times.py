"""Times in lists and posts: short words, whole words for screen readers, the date after a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from community.templatetags.hearth import ago, when

NOW = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=10), "1 min ago"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=7), "7 days ago"),
        (timedelta(days=8), "13 Nov"),
        (timedelta(days=365), "21 Nov 2025"),
    ],
)
def test_age_becomes_a_date_after_a_week(age, words):
    with time_machine.travel(NOW, tick=False):
        assert ago(NOW - age) == words


def test_time_has_whole_words_for_screen_readers():
    with time_machine.travel(NOW, tick=False):
        assert 'aria-label="5 minutes ago">5 min ago</time>' in when(NOW - timedelta(minutes=5))
        assert 'aria-label="1 hour ago">1 h ago</time>' in when(NOW - timedelta(hours=1))
