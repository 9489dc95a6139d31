"""The cast: alice asks, bob answers, charlie is a stranger, cleo is a champion, mo moderates, tess is on a team,
sam is banned, root is admin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.signals import connection_created
from django.test import Client

from community.lib import images, markdown_pool, valkey
from community.lib.roles import grant
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Post, Thread, Topic, TopicGroup
from forums.queries import rail
from profiles.actions.accounts import create_member
from profiles.models import Profile, Team, TeamMembership

PASSWORD = "a long and quiet evening"
# For the rest of a transaction.
AS_OWNER = ["SET LOCAL ROLE NONE;", "SET LOCAL session_replication_role = replica;"]


def application_role() -> str:
    """The name of the application's role in the test database: a role belongs to the whole server, so each has its own."""
    return f"{connection.settings_dict['NAME']}_app"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tests have the rights of the application and no others, in a database that its owner has migrated."""
    name = connection.settings_dict["NAME"]
    role = application_role()
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE ROLE "{role}" LOGIN')
        grant(role)
        connection.close()

    def become_the_application(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
        if connection.settings_dict["NAME"] == name:
            with connection.cursor() as cursor:
                cursor.execute(f'SET ROLE "{role}"')

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        """Only the owner can empty the ledger and the log, and only with their triggers asleep."""
        empty(self, [*AS_OWNER, *sql_list])

    empty = DatabaseOperations.execute_sql_flush
    connection_created.connect(become_the_application)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield
    connection_created.disconnect(become_the_application)
    with django_db_blocker.unblock():
        connection.close()


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
    """A busy machine is no reason to refuse a picture or a text; the tests of deadlines set their own."""
    images.DEADLINE = images.QUEUE_SECONDS = 60.0
    markdown_pool.DEADLINE = markdown_pool.QUEUE_SECONDS = 60.0


@pytest.fixture
def as_owner(db: None) -> None:
    """This test's statements are the owner's, who has every right; triggers still refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")


@pytest.fixture
def tamper(db: None) -> Callable[..., None]:
    """Change rows as an administrator of the database could: tamper("UPDATE …", value). The triggers sleep meanwhile."""

    def run(sql: str, *values: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in AS_OWNER:
                cursor.execute(statement)
            cursor.execute(sql, values or None)
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute(f'SET LOCAL ROLE "{application_role()}"')

    return run


@pytest.fixture
def person(db: None) -> Callable[..., Profile]:
    """Make a person: person("dora", role="moderator")."""

    def make(name: str, **fields: Any) -> Profile:
        fields = {
            "first_name": name.title(),
            "last_name": "Example",
            "password": PASSWORD,
            "verified": True,
            **fields,
        }
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
    return Topic.objects.create(
        group=topic.group, name="Show and tell", slug="show-and-tell", solutions_enabled=False
    )


@pytest.fixture
def thread(alice: Profile, topic: Topic) -> Thread:
    return ask(
        alice, topic=topic, subject="Why is the export empty?", body="It has **no rows**.", tags=["csv"]
    )


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
