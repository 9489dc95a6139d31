"""What the forum tells the outside: once, with what happened, and only what every guest may read."""

import pytest

from forums.actions.posts import post_reply
from forums.actions.solutions import clear_solution, mark_solution
from forums.actions.threads import ask
from integrations import channels
from integrations.events import EVENTS
from integrations.models import OutboxEvent
from moderation.actions.threads import archive_thread, move_thread, unarchive_thread


@pytest.fixture(autouse=True)
def everything_is_told(monkeypatch):
    """A channel that is open for every event."""
    every = channels.Channel("all", lambda: "https://hooks.example.com/", EVENTS, lambda payload: payload)
    monkeypatch.setitem(channels.CHANNELS, "all", every)


def told():
    return list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))


@pytest.fixture
def quiet(alice, bob, mo):
    """The cast has joined; nothing of that is counted below."""
    OutboxEvent.objects.all().delete()


def test_a_thread_a_reply_and_its_solution_are_told(quiet, alice, bob, topic):
    thread = ask(alice, topic=topic, subject="Kettle is cold", body="Text.", tags=["heating"])
    reply = post_reply(bob, thread, body="Switch it on.")
    mark_solution(alice, reply)
    mark_solution(alice, reply)
    assert told() == ["thread.created", "post.created", "thread.solved"]
    data = OutboxEvent.objects.get(type="thread.solved").payload["data"]
    assert data["id"] == thread.pk
    assert data["solution"]["id"] == reply.pk
    assert data["author"]["name"] == alice.name
    assert "@example.com" not in str(list(OutboxEvent.objects.values_list("payload", flat=True)))
    clear_solution(alice, thread)
    mark_solution(alice, reply)
    assert told().count("thread.solved") == 2


def test_decisions_of_moderators_are_told(quiet, alice, mo, topic, board):
    thread = ask(alice, topic=topic, subject="Kettle is cold", body="Text.")
    archive_thread(mo, thread)
    unarchive_thread(mo, thread)
    move_thread(mo, thread, topic=board)
    archive_thread(mo, thread)
    assert told()[1:] == ["thread.archived", "thread.restored", "thread.moved", "thread.archived"]


def test_what_is_confidential_is_not_told(quiet, alice, mo, topic):
    thread = ask(alice, topic=topic, subject="Secret", body="Text.", private=True)
    post_reply(mo, thread, body="Between us.")
    archive_thread(mo, thread)
    assert told() == []


def test_somebody_who_joins_is_told_once(db, person):
    profile = person("dora")
    assert told() == ["member.joined"]
    data = OutboxEvent.objects.get().payload["data"]
    assert data["member_id"] == profile.pk
    assert "dora@example.com" not in str(data)
