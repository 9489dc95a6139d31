"""Guests' pages are kept as bytes, and never a moment too long."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.lib import valkey
from forums.actions.posts import post_reply
from moderation.actions.posts import hide_post
from moderation.actions.threads import archive_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.PAGE_CACHE_SECONDS = 60


def _cost(browser, path):
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(path)
    return len(captured), answer.content.decode()


def test_the_second_guest_costs_no_query(thread, as_):
    path = f"/questions/{thread.slug}/"
    first, page = _cost(as_(None), path)
    assert first > 0
    assert _cost(as_(None), path) == (0, page)


def test_what_changes_is_seen_at_once(thread, bob, mo, as_):
    path = f"/questions/{thread.slug}/"
    _cost(as_(None), path)
    reply = post_reply(bob, thread, body="A word that matters.")
    assert "A word that matters." in _cost(as_(None), path)[1]
    hide_post(mo, reply)
    assert "A word that matters." not in _cost(as_(None), path)[1]
    assert thread.subject in _cost(as_(None), "/questions/")[1]
    archive_thread(mo, thread)
    assert thread.subject not in _cost(as_(None), "/questions/")[1]


def test_members_never_get_a_kept_page(thread, bob, as_):
    path = f"/questions/{thread.slug}/"
    _cost(as_(None), path)
    count, page = _cost(as_(bob), path)
    assert count > 0
    assert "Sign in" not in page
    assert "csrfmiddlewaretoken" not in _cost(as_(None), path)[1]


def test_with_valkey_away_pages_are_made_afresh(thread, as_, monkeypatch):
    path = f"/questions/{thread.slug}/"
    _cost(as_(None), path)
    valkey.rest()
    count, page = _cost(as_(None), path)
    assert count > 0
    assert thread.subject in page


@pytest.mark.parametrize(
    ("accepted", "squeezed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("br;q=1, GZIP ; q=0.000", False),
        ("identity", False),
        ("", False),
    ],
)
def test_a_kept_page_is_squeezed_for_those_who_accept_it(thread, as_, accepted, squeezed):
    for _ in range(2):
        answer = as_(None).get(f"/questions/{thread.slug}/", headers={"accept-encoding": accepted})
        assert answer.has_header("Content-Encoding") is squeezed
