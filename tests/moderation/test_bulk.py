"""One tool for many, by API and in Django admin: with a reason, each by itself."""

from __future__ import annotations

import pytest

from community.audit.models import LogEntry
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Post, Thread, Topic

URL = "/api/v1/moderation/bulk/"


@pytest.fixture
def bulk(as_):
    return lambda who, **fields: as_(who).post(
        URL, {"reason": "Tidying up.", **fields}, content_type="application/json"
    )


@pytest.fixture
def many(alice, topic):
    return [
        ask(alice, topic=topic, subject=f"Question {number}", body=f"About {number}.") for number in range(4)
    ]


def test_a_champion_archives_many_with_a_reason(bulk, cleo, many):
    ids = [one.pk for one in many]
    answer = bulk(cleo, do="archive", threads=[*ids, 999_999, ids[0]])
    assert [(row["id"], row["done"]) for row in answer.json()["results"]] == [
        *((pk, True) for pk in ids),
        (999_999, False),
    ]
    assert Thread.objects.filter(archived_at__isnull=False).count() == 4
    reasons = LogEntry.objects.filter(action="thread.archived").values_list("detail__reason", flat=True)
    assert set(reasons) == {"Tidying up."} and len(reasons) == 4


def test_a_reason_is_asked_for(bulk, as_, mo, many):
    assert list(bulk(mo, do="lock", threads=[many[0].pk], reason="").json()) == ["reason"]
    assert list(
        as_(mo).post(URL, {"do": "lock", "threads": [1]}, content_type="application/json").json()
    ) == ["reason"]


def test_one_refusal_undoes_nothing(bulk, cleo, mo, many, bob, topic):
    Topic.objects.filter(pk=topic.pk).update(review_threads=True)
    topic.refresh_from_db()
    waiting = ask(bob, topic=topic, subject="Waits", body="For a moderator.")
    results = bulk(cleo, do="hide", threads=[many[0].pk, waiting.pk]).json()["results"]
    assert [row["done"] for row in results] == [True, False]
    assert results[1]["detail"]
    assert [
        row["done"]
        for row in bulk(mo, do="merge", threads=[many[1].pk, many[2].pk], into=many[2].pk).json()["results"]
    ] == [
        True,
        False,
    ]


def test_posts_in_review_are_decided_by_moderators_only(bulk, cleo, mo, alice, bob, topic):
    Topic.objects.filter(pk=topic.pk).update(review_replies=True)
    topic.refresh_from_db()
    thread = ask(alice, topic=topic, subject="Is it on?", body="The light is red.")
    ids = [post_reply(bob, thread, body=f"Try {number}.").pk for number in range(3)]
    assert [row["done"] for row in bulk(cleo, do="approve", posts=ids).json()["results"]] == [False] * 3
    assert [row["done"] for row in bulk(mo, do="approve", posts=ids).json()["results"]] == [True] * 3
    assert Post.objects.filter(pk__in=ids, hidden_at=None).count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "explode", "threads": [1]}, {"do": "archive"}, {"do": "archive", "posts": [1]}, {"do": "approve", "threads": [1]},
        {"do": "move", "threads": [1]}, {"do": "move", "threads": [1], "topic": "nowhere"}, {"do": "lock", "threads": list(range(1, 102))},
        {"do": "lock", "threads": ["x"]}, {"do": "merge", "threads": [1], "into": 2**62}, {"do": "lock", "threads": [2**63]},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(bulk, mo, fields, db):
    assert bulk(mo, **fields).status_code == 400


def test_moving_and_retagging_take_what_they_need(bulk, mo, many, board):
    ids = [one.pk for one in many]
    bulk(mo, do="move", threads=ids, topic=board.slug)
    bulk(mo, do="retag", threads=ids, tags=["tidy"])
    assert Thread.objects.filter(topic=board, tag_names=["tidy"]).count() == 4


@pytest.mark.parametrize(("tool", "held"), [("approve", False), ("spam", False), ("hide", True)])
def test_django_admin_asks_for_a_reason_and_does_it(as_, mo, alice, bob, topic, tool, held):
    Topic.objects.filter(pk=topic.pk).update(review_replies=not held)
    topic.refresh_from_db()
    reply = post_reply(
        bob, ask(alice, topic=topic, subject="On?", body="The light is red."), body="Press it."
    )
    browser, form = as_(mo), {"action": tool, "_selected_action": [reply.pk]}
    assert "Reason" in browser.post("/admin/forums/post/", form).content.decode()
    browser.post("/admin/forums/post/", {**form, "confirm": "1", "reason": "Looked at."})
    reply.refresh_from_db()
    assert (reply.held_at, reply.hidden_at is None) == (None, tool == "approve")
    assert LogEntry.objects.order_by("-id").first().detail.reason == "Looked at."
