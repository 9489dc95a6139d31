"""Notifications and bells by API: the same rules as on the pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forums.actions.posts import post_reply
from forums.models import ThreadSubscription, TopicSubscription
from profiles.actions.keys import create_api_key
from profiles.models import Notification

PATH = "/api/v1/notifications/"


@pytest.fixture
def api(client):
    def call(profile, method, path, data=None):
        header = (
            {"Authorization": f"Bearer {create_api_key(profile.user, label='bot')[1]}"} if profile else {}
        )
        return getattr(client, method)(path, data, content_type="application/json", headers=header)

    return call


def test_they_are_listed_newest_first_read_singly_and_all_at_once(alice, bob, thread, api):
    for number in range(3):
        post_reply(bob, thread, body=f"Answer {number}.")
    rows = api(alice, "get", PATH).json()["results"]
    assert [(row["kind"], row["read_at"]) for row in rows] == [("reply", None)] * 3
    assert set(rows[0]) == {"id", "kind", "title", "url", "created_at", "read_at"}
    assert rows[0]["url"].endswith(f"#post-{thread.posts.get(number=4).pk}")
    assert api(alice, "post", PATH + "read/", {"ids": [rows[0]["id"]]}).status_code == 200
    assert Notification.objects.filter(profile=alice).unread().count() == 2
    api(alice, "post", PATH + "read/", {"ids": "all"})
    assert Notification.objects.filter(profile=alice).unread().count() == 0


def test_nobody_reads_for_another_and_guests_read_nothing(alice, bob, charlie, thread, api):
    post_reply(bob, thread, body="An answer.")
    row = Notification.objects.get(profile=alice, kind="reply")
    assert api(charlie, "post", PATH + "read/", {"ids": [row.pk]}).status_code == 200
    row.refresh_from_db()
    assert row.read_at is None
    assert api(None, "get", PATH).status_code == 401
    assert api(charlie, "get", PATH).json()["results"] == []


@pytest.mark.parametrize(
    "ids", ["some", [1.5], [True], ["1"], [-1], [2**63], {"a": 1}, None, list(range(300))], ids=str
)
def test_ids_that_are_none_are_refused_in_words(ids, alice, api):
    answer = api(alice, "post", PATH + "read/", {"ids": ids})
    assert answer.status_code == 400
    assert "ids" in answer.json()


def test_bells_are_turned_by_api(bob, thread, topic, api):
    assert api(bob, "put", f"/api/v1/threads/{thread.pk}/subscription/").status_code == 200
    assert ThreadSubscription.objects.get(profile=bob, thread=thread).muted_at is None
    api(bob, "delete", f"/api/v1/threads/{thread.pk}/subscription/")
    assert ThreadSubscription.objects.get(profile=bob, thread=thread).muted_at is not None
    answer = api(bob, "put", "/api/v1/topics/exports/subscription/", {"delivery": "digest"})
    assert (answer.json(), TopicSubscription.objects.get(profile=bob).delivery) == (
        {"delivery": "digest"},
        "digest",
    )
    assert api(bob, "put", "/api/v1/topics/exports/subscription/", {"delivery": "each"}).status_code == 403
    assert api(bob, "put", "/api/v1/topics/exports/subscription/", {"delivery": "hourly"}).status_code == 400


def test_ten_more_cost_no_more_queries(alice, bob, thread, client):
    header = {"Authorization": f"Bearer {create_api_key(alice.user, label='bot')[1]}"}

    def queries():
        client.get(PATH, headers=header)
        with CaptureQueriesContext(connection) as captured:
            client.get(PATH, headers=header)
        return len(captured)

    post_reply(bob, thread, body="The first answer.")
    few = queries()
    for number in range(10):
        post_reply(bob, thread, body=f"Answer {number}.")
    assert queries() <= few
