"""A few threads to look for."""

import pytest

from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask


@pytest.fixture
def kettle(alice, bob, topic):
    """A solved question about a kettle."""
    thread = ask(
        alice,
        topic=topic,
        subject="Kettle does not boil",
        body="I pressed the button twice.",
        tags=["heating"],
    )
    mark_solution(alice, post_reply(bob, thread, body="Refill the reservoir with Entkalker first."))
    thread.refresh_from_db()
    return thread


@pytest.fixture
def lamp(bob, board):
    """An open discussion about a lamp."""
    return ask(
        bob, topic=board, subject="My lamp made of driftwood", body="It hums like a kettle.", tags=["wood"]
    )
