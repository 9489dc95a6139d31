"""Moving a thread between topics: what it had is there again on the way back."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from moderation.actions.posts import hide_post, show_post
from moderation.actions.threads import move_thread
from points.queries.ledger import balance_of
from points.queries.verify import mismatches


@pytest.fixture
def solved(alice, thread, reply):
    return mark_solution(alice, reply)


@pytest.fixture(autouse=True)
def _counters_and_ledger_are_true(db):
    yield
    call_command("recount", "--check")
    assert list(mismatches()) == []


def _facts(thread, bob):
    bob.refresh_from_db()
    return bob.solution_count, balance_of(bob.pk), bob.reputation


def test_solution_and_points_are_there_again_when_moved_back(as_, solved, reply, bob, mo, topic, board):
    before = _facts(solved, bob)
    thread = move_thread(mo, solved, topic=board)
    assert thread.solution_id is None
    assert _facts(thread, bob) == before
    page, data = (
        as_(None).get(thread.get_absolute_url()),
        as_(None).get(f"/api/v1/threads/{thread.pk}/").json(),
    )
    assert 'id="solution"' not in page.content.decode()
    assert (data["solution"], as_(None).get(f"/api/v1/posts/{reply.pk}/").json()["is_solution"]) == (
        None,
        False,
    )
    topic.refresh_from_db()
    assert topic.solved_count == 0
    thread = move_thread(mo, thread, topic=topic)
    assert (thread.solution_id, thread.kept_solution_id, _facts(thread, bob)) == (reply.pk, None, before)
    assert 'id="solution"' in as_(None).get(thread.get_absolute_url()).content.decode()


def test_hidden_meanwhile_is_no_solution_on_the_way_back(solved, reply, bob, mo, topic, board):
    thread = move_thread(mo, solved, topic=board)
    hide_post(mo, reply)
    show_post(mo, reply)
    thread = move_thread(mo, thread, topic=topic)
    assert (thread.solution_id, _facts(thread, bob)) == (None, (0, 1, 1))


def test_another_solution_takes_the_place_of_the_kept_one(
    solved, reply, alice, bob, charlie, mo, topic, board
):
    other = post_reply(charlie, solved, body="Or empty the filter.")
    thread = move_thread(mo, solved, topic=board)
    board.solutions_enabled = True
    board.save(update_fields=["solutions_enabled"])
    call_command("recount")
    thread = mark_solution(alice, other)
    assert (thread.solution_id, thread.kept_solution_id) == (other.pk, None)
    assert _facts(thread, bob) == (0, 1, 1)
