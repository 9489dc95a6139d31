"""What replies and solutions earn, and when it is taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from forums.actions.earnings import settle_earnings_of
from forums.actions.posts import delete_post, post_reply, undelete_post
from forums.actions.solutions import clear_solution, mark_solution
from forums.actions.threads import ask
from moderation.actions.posts import hide_post, show_post
from moderation.actions.threads import move_thread
from points.models import Transaction
from points.policy import day_of
from points.queries.ledger import balance_of
from points.queries.verify import mismatches


@pytest.fixture(autouse=True)
def _the_ledger_holds(db):
    yield
    assert list(mismatches()) == []


def _reputation(profile):
    profile.refresh_from_db()
    return profile.reputation


def test_a_reply_to_somebody_elses_thread_earns_a_point(reply, bob, alice):
    assert (balance_of(bob.pk), balance_of(alice.pk), _reputation(bob)) == (1, 0, 1)
    booked = Transaction.objects.select_related("detail").get()
    assert (booked.cause, booked.detail.title, booked.detail.url) == (
        f"reply:post:{reply.pk}", "Why is the export empty?", reply.get_absolute_url(),
    )  # fmt: skip


def test_a_reply_on_ones_own_thread_earns_nothing(alice, thread):
    post_reply(alice, thread, body="More about it.")
    assert balance_of(alice.pk) == 0


def test_sixth_reply_of_a_day_earns_nothing_and_says_why(bob, thread):
    for number in range(7):
        post_reply(bob, thread, body=f"Idea {number}.")
    assert (balance_of(bob.pk), _reputation(bob)) == (5, 5)
    assert list(Transaction.objects.order_by("id").values_list("amount", "withheld"))[-2:] == [(0, 1), (0, 1)]


def test_deleting_and_writing_again_earns_nothing_more(bob, thread):
    for number in range(5):
        delete_post(bob, post_reply(bob, thread, body=f"Idea {number}."))
    assert balance_of(bob.pk) == 0
    for number in range(5):
        post_reply(bob, thread, body=f"Again {number}.")
    assert balance_of(bob.pk) == 0


def test_the_day_is_the_sites(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    start, end = day_of(datetime(2026, 4, 4, 12, 30, tzinfo=UTC))  # the day summer time ends there
    assert (start.astimezone(UTC), end.astimezone(UTC)) == (
        datetime(2026, 4, 4, 11, tzinfo=UTC), datetime(2026, 4, 5, 12, tzinfo=UTC),
    )  # fmt: skip


def test_a_hidden_reply_gives_its_points_back_until_it_is_shown(bob, mo, alice, reply):
    mark_solution(alice, reply)
    assert balance_of(bob.pk) == 6
    hide_post(mo, reply)
    assert (balance_of(bob.pk), _reputation(bob)) == (0, 0)
    show_post(mo, reply)
    assert balance_of(bob.pk) == 1  # hiding took the mark off; showing does not put it back
    mark_solution(alice, reply)
    assert (balance_of(bob.pk), _reputation(bob)) == (6, 6)


def test_a_deleted_reply_gives_its_point_back_and_undo_returns_it(bob, reply):
    delete_post(bob, reply)
    assert balance_of(bob.pk) == 0
    undelete_post(bob, reply)
    assert balance_of(bob.pk) == 1


def test_solution_points_follow_the_mark(alice, bob, charlie, thread, reply, board, mo):
    other = post_reply(charlie, thread, body="Or the date.")
    mark_solution(alice, reply)
    mark_solution(alice, other)
    assert (balance_of(bob.pk), balance_of(charlie.pk)) == (1, 6)
    clear_solution(alice, thread)
    assert (balance_of(bob.pk), balance_of(charlie.pk)) == (1, 1)
    mark_solution(alice, reply)
    move_thread(mo, thread, topic=board)
    assert balance_of(bob.pk) == 6


def test_own_reply_as_solution_earns_nothing(alice, thread):
    mark_solution(alice, post_reply(alice, thread, body="Found it myself."))
    assert balance_of(alice.pk) == 0


def test_ban_takes_points_back_until_it_ends(alice, bob, mo, thread, reply, topic):
    mark_solution(alice, reply)
    hidden = post_reply(bob, thread, body="And buy this.")
    hide_post(mo, hidden)
    bob.user.is_active = False
    bob.user.save()
    assert settle_earnings_of(bob, actor=mo) == 3
    settle_earnings_of(bob, actor=mo)
    assert balance_of(bob.pk) == 0
    show_post(mo, hidden)
    assert balance_of(bob.pk) == 0  # still banned
    hide_post(mo, hidden)
    bob.user.is_active = True
    bob.user.save()
    settle_earnings_of(bob, actor=mo)
    assert (balance_of(bob.pk), _reputation(bob)) == (6, 6)


@pytest.mark.django_db(transaction=True)
def test_a_solution_toggled_fifty_times_in_parallel_pays_as_for_once(alice, bob, thread, reply):
    def toggle(number):
        try:
            if number % 2:
                clear_solution(alice, thread)
            else:
                mark_solution(alice, reply)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(toggle, range(50)))
    mark_solution(alice, reply)
    assert (balance_of(bob.pk), _reputation(bob)) == (6, 6)


@pytest.mark.django_db(transaction=True)
def test_solutions_swapped_in_parallel_do_not_deadlock(alice, bob, charlie, topic):
    pairs = []
    for number in range(2):
        thread = ask(alice, topic=topic, subject=f"Question {number}", body="How?")
        pairs.append([post_reply(who, thread, body=f"Like {who.pk}.") for who in (bob, charlie)])

    def swap(posts):
        try:
            for _round in range(10):
                mark_solution(alice, posts[0])
                mark_solution(alice, posts[1])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(swap, [pairs[0], list(reversed(pairs[1]))]))
    assert (balance_of(bob.pk), balance_of(charlie.pk)) == (7, 7)
