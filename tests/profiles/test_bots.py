"""Bots: made at the command line, write by API key, are marked as bots, get no mail and earn nothing."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.subscriptions import set_topic_delivery
from forums.actions.threads import ask
from points.models import Transaction
from profiles.models import Delivery, Notification, Profile


@pytest.fixture
def bot(db):
    call_command("create_member", "robo@example.com", "--name", "Robo Docs", "--bot", stdout=StringIO())
    return Profile.objects.get(name="Robo Docs")


def test_a_bot_writes_by_api_key_and_is_marked(bot, thread, client, as_):
    out = StringIO()
    call_command("create_api_key", "robo@example.com", "--name", "docs", stdout=out)
    key = out.getvalue().split()[-1]
    answer = client.post(
        f"/api/v1/threads/{thread.pk}/posts/", {"body": "See the docs."}, content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["author"]["bot"]) == (201, True)
    assert '<span class="badge">Bot</span>' in as_(None).get(thread.get_absolute_url()).content.decode()


def test_people_are_not_marked_as_bots(thread, reply, as_):
    posts = as_(None).get(f"/api/v1/threads/{thread.pk}/posts/").json()["results"]
    assert [post["author"]["bot"] for post in posts] == [False, False]
    assert '<span class="badge">Bot</span>' not in as_(None).get(thread.get_absolute_url()).content.decode()


def test_a_bot_gets_no_mail_and_no_notifications(bot, alice, bob, topic):
    set_topic_delivery(bot, topic, "digest")
    asked = ask(bot, topic=topic, subject="Asked by a program", body="Body.")
    post_reply(bob, asked, body="Hello, @robo-docs.")
    assert not Notification.objects.filter(profile=bot).exists()
    assert not Delivery.objects.filter(profile=bot).exists()


def test_a_bot_earns_nothing(bot, alice, thread):
    mark_solution(alice, post_reply(bot, thread, body="See the docs."))
    assert not Transaction.objects.filter(wallet__profile=bot).exists()
