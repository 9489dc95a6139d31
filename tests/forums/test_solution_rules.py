"""Who may mark the solution, and when."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from forums.actions.posts import delete_post, post_reply, undelete_post
from forums.actions.solutions import clear_solution, mark_solution
from forums.actions.threads import ask
from forums.models import Post
from moderation.actions.posts import hide_post


def _age(post, hours):
    Post.objects.filter(pk=post.pk).update(created_at=timezone.now() - timedelta(hours=hours))
    post.refresh_from_db()


def test_the_asker_marks_changes_and_unmarks(alice, bob, thread, reply):
    other = post_reply(bob, thread, body="Or this.")
    assert mark_solution(alice, reply).solution == reply
    assert mark_solution(alice, other).solution == other
    bob.refresh_from_db()
    assert bob.solution_count == 1
    assert clear_solution(alice, thread).solution is None
    bob.refresh_from_db()
    assert bob.solution_count == 0


def test_the_asker_never_meets_the_guards(alice, thread):
    own = post_reply(alice, thread, body="Found it myself.")
    assert mark_solution(alice, own).solution == own


def test_a_stranger_cannot_mark_the_solution(charlie, reply):
    with pytest.raises(PermissionDenied, match="Only the asker"):
        mark_solution(charlie, reply)


@pytest.mark.parametrize("role", ["cleo", "mo", "root"])
def test_the_team_waits_a_day_so_that_the_asker_goes_first(role, request, reply):
    actor = request.getfixturevalue(role)
    with pytest.raises(PermissionDenied, match="24 hours"):
        mark_solution(actor, reply)
    _age(reply, 25)
    assert mark_solution(actor, reply).solution == reply


@pytest.mark.parametrize("role", ["cleo", "mo", "root"])
def test_nobody_of_the_team_marks_their_own_reply(role, request, thread):
    actor = request.getfixturevalue(role)
    own = post_reply(actor, thread, body="Trust me.")
    _age(own, 48)
    with pytest.raises(PermissionDenied, match="Someone else"):
        mark_solution(actor, own)


def test_boards_have_no_solutions_and_a_question_is_not_its_own(alice, bob, board, thread):
    talk = ask(alice, topic=board, subject="Look at this", body="Nice.")
    reply = post_reply(bob, talk, body="Very nice.")
    with pytest.raises(PermissionDenied, match="no solutions"):
        mark_solution(alice, reply)
    with pytest.raises(PermissionDenied, match="its own solution"):
        mark_solution(alice, thread.posts.get(number=1))


def test_a_hidden_or_deleted_solution_stops_being_one(alice, bob, mo, thread, topic, reply):
    mark_solution(alice, reply)
    hide_post(mo, reply)
    thread.refresh_from_db()
    topic.refresh_from_db()
    assert (thread.solution, topic.solved_count, topic.unanswered_count) == (None, 0, 1)
    other = post_reply(bob, thread, body="Again.")
    mark_solution(alice, other)
    delete_post(bob, other)
    thread.refresh_from_db()
    assert thread.solution is None
    undelete_post(bob, other)
    thread.refresh_from_db()
    assert (thread.solution, thread.reply_count) == (None, 1)
