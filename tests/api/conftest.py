"""A topic, a thread, and clients that speak for the cast."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Topic, TopicGroup

V1 = "/api/v1"


def client_for(profile=None):
    """Return a client that is signed in as `profile` by session."""
    client = APIClient()
    if profile is not None:
        client.force_login(profile.user, backend="profiles.backends.ProfileBackend")
    return client


@pytest.fixture
def guest():
    return client_for()


@pytest.fixture
def as_():
    return client_for


@pytest.fixture
def kettles(db):
    group = TopicGroup.objects.create(name="Kitchen", slug="kitchen")
    return Topic.objects.create(group=group, name="Kettles", slug="kettles", description="Boiling water.")


@pytest.fixture
def board(kettles):
    return Topic.objects.create(
        group=kettles.group, name="Chat", slug="chat", solutions_enabled=False, position=1
    )


@pytest.fixture
def thread(kettles, alice):
    return ask(
        alice,
        topic=kettles,
        subject="Kettle does not boil",
        body="I pressed the **button**.",
        tags=["heating"],
    )


@pytest.fixture
def reply(thread, bob):
    return post_reply(bob, thread, body="Switch it on.")


def error(response):
    """Return the code of a refusal, after checking that it has exactly a sentence and a word."""
    assert set(response.json()) == {"detail", "code"}
    assert response.json()["detail"]
    return response.json()["code"]
