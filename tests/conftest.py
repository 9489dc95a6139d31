"""The cast: alice asks, bob answers, charlie is a stranger, cleo is a champion, mo moderates, tess is on a team,
sam is banned, root is admin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

from community.lib import images, valkey
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Post, Thread, Topic, TopicGroup
from forums.queries import rail
from profiles.actions.accounts import create_member
from profiles.models import Profile, Team, TeamMembership

PASSWORD = "a long and quiet evening"


@pytest.fixture(scope="session", autouse=True)
def _tables_may_be_emptied() -> Iterator[None]:
    """Tests that commit empty every table afterwards; the audit log lets only a session do so that asks."""
    empty = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        empty(self, ["SET LOCAL hearth.log_flush = 'allowed';", *sql_list])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """Nothing kept in the process or in Valkey passes from one test to the next."""
    rail.forget_rail()
    valkey._resting_until = 0.0
    cache.clear()
    yield
    rail.forget_rail()


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """A busy machine is no reason to refuse a picture; the tests of deadlines set their own."""
    images.DEADLINE = images.QUEUE_SECONDS = 60.0


@pytest.fixture
def person(db: None) -> Callable[..., Profile]:
    """Make a person: person("dora", role="moderator")."""

    def make(name: str, **fields: Any) -> Profile:
        fields = {"first_name": name.title(), "last_name": "Example", "password": PASSWORD, "verified": True, **fields}
        return create_member(f"{name}@example.com", **fields)

    return make


@pytest.fixture
def alice(person: Callable[..., Profile]) -> Profile:
    return person("alice")


@pytest.fixture
def bob(person: Callable[..., Profile]) -> Profile:
    return person("bob")


@pytest.fixture
def charlie(person: Callable[..., Profile]) -> Profile:
    return person("charlie")


@pytest.fixture
def cleo(person: Callable[..., Profile]) -> Profile:
    return person("cleo", role="champion")


@pytest.fixture
def mo(person: Callable[..., Profile]) -> Profile:
    return person("mo", role="moderator")


@pytest.fixture
def tess(person: Callable[..., Profile]) -> Profile:
    profile = person("tess", role="moderator")
    team = Team.objects.create(name="Pipelines", slug="pipelines")
    TeamMembership.objects.create(team=team, profile=profile)
    profile.team = team
    profile.save(update_fields=["team"])
    return profile


@pytest.fixture
def sam(person: Callable[..., Profile]) -> Profile:
    profile = person("sam")
    profile.user.is_active = False
    profile.user.save(update_fields=["is_active"])
    return profile


@pytest.fixture
def root(person: Callable[..., Profile]) -> Profile:
    return person("root", role="admin")


@pytest.fixture
def topic(db: None) -> Topic:
    """A question topic."""
    group = TopicGroup.objects.create(name="Product", slug="product")
    return Topic.objects.create(group=group, name="Exports", slug="exports", description="Getting data out.")


@pytest.fixture
def board(topic: Topic) -> Topic:
    """A discussion board: no solutions."""
    return Topic.objects.create(group=topic.group, name="Show and tell", slug="show-and-tell", solutions_enabled=False)


@pytest.fixture
def thread(alice: Profile, topic: Topic) -> Thread:
    return ask(alice, topic=topic, subject="Why is the export empty?", body="It has **no rows**.", tags=["csv"])


@pytest.fixture
def reply(bob: Profile, thread: Thread) -> Post:
    return post_reply(bob, thread, body="Check the filter.")


@pytest.fixture
def as_() -> Callable[[Profile | None], Client]:
    """A browser of somebody who is signed in: as_(alice).get(…); as_(None) is a guest's."""

    def browser(profile: Profile | None) -> Client:
        client = Client()
        if profile is not None:
            client.force_login(profile.user, backend="profiles.backends.ProfileBackend")
        return client

    return browser
