"""Two at once: real threads on real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from forums.actions.posts import post_reply
from forums.actions.solutions import clear_solution, mark_solution
from forums.actions.threads import ask
from forums.actions.votes import unvote, vote
from forums.models import Post, Thread
from moderation.actions.threads import lock_thread, move_thread, pin_thread

pytestmark = pytest.mark.django_db(transaction=True)


def _together(*calls):
    def run(call):
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_double_submit_makes_one_thread(alice, topic):
    made = _together(*[lambda: ask(alice, topic=topic, subject="Twice?", body="Once.").pk] * 8)
    assert len(set(made)) == 1
    topic.refresh_from_db()
    assert (Thread.objects.count(), topic.thread_count) == (1, 1)


def test_a_double_submit_makes_one_reply(bob, thread):
    assert len(set(_together(*[lambda: post_reply(bob, thread, body="Once.").pk] * 8))) == 1
    thread.refresh_from_db()
    assert (thread.reply_count, thread.last_number) == (1, 2)


def test_people_of_one_subject_each_get_a_permalink(person, topic):
    people = [person(f"p{number}") for number in range(6)]
    slugs = _together(
        *[
            lambda who=who: ask(who, topic=topic, subject="Same subject", body=f"I am {who.pk}.").slug
            for who in people
        ]
    )
    assert len(set(slugs)) == 6


def test_many_replies_votes_and_moves_at_once_keep_every_counter_true(
    person, alice, mo, cleo, topic, board, thread
):
    people = [person(f"p{number}") for number in range(6)]
    opening = thread.posts.get(number=1)
    for who in people[:3]:
        post_reply(who, thread, body=f"Mine, {who.pk}.")
    replies = list(Post.objects.filter(thread=thread, number__gt=1))
    calls = [lambda who=who: post_reply(who, thread, body=f"More by {who.pk}.") for who in people]
    calls += [lambda who=who: vote(who, opening) for who in people] + [lambda: unvote(people[0], opening)]
    calls += [lambda reply=reply: mark_solution(alice, reply) for reply in replies] + [
        lambda: clear_solution(alice, thread)
    ]
    calls += [
        lambda: pin_thread(mo, thread),
        lambda: move_thread(mo, thread, topic=topic),
        lambda: pin_thread(cleo, thread),
    ]
    _together(*calls)
    thread.refresh_from_db()
    assert thread.reply_count == 9
    call_command("recount", "--check")


def test_a_lock_and_a_reply_at_once_leave_no_reply_behind_the_lock(mo, bob, thread):
    def reply():
        try:
            return post_reply(bob, thread, body="In time?")
        except Exception as refusal:
            return refusal

    _together(lambda: lock_thread(mo, thread), reply)
    thread.refresh_from_db()
    assert thread.locked_at is not None
    late = thread.posts.filter(number=2, created_at__gt=thread.locked_at)
    assert not late.exists()
