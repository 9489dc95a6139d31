"""The queue: who sees it, what a decision does, and that what waits has no consequences before it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.audit.models import LogEntry
from community.audit.queries import broken_entries
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Post, Thread, Topic
from moderation.actions.posts import show_post
from moderation.actions.review import approve_post, review_again, turn_down_post
from moderation.actions.threads import show_thread
from points.models import Account


@pytest.fixture
def careful(topic):
    """A topic whose threads and replies wait."""
    topic.review_threads = topic.review_replies = True
    topic.save()
    return topic


@pytest.fixture
def waiting(bob, careful):
    return ask(bob, topic=careful, subject="Is it plugged in?", body="I mean the cable.")


@pytest.mark.parametrize(("threads", "replies"), [(False, False), (True, False), (False, True), (True, True)])
def test_each_topic_publishes_threads_and_replies_at_once_or_after_review(
    threads, replies, alice, bob, topic
):
    topic.review_threads, topic.review_replies = threads, replies
    topic.save()
    thread = ask(alice, topic=topic, subject="Is it on?", body="The light is red.")
    assert bool(thread.held_at) == threads
    if not threads:
        assert bool(post_reply(bob, thread, body="Press twice.").held_at) == replies


def test_the_team_and_champions_need_no_review(mo, cleo, careful):
    assert ask(mo, topic=careful, subject="News", body="It is on.").held_at is None
    assert ask(cleo, topic=careful, subject="Hints", body="Look here.").held_at is None


def test_a_thread_that_waits_is_for_its_author_and_moderators(waiting, bob, charlie, cleo, mo, as_):
    path = waiting.get_absolute_url()
    assert [as_(one).get(path).status_code for one in (None, charlie, cleo, bob, mo)] == [
        404,
        404,
        404,
        200,
        200,
    ]


def test_approving_shows_it_and_only_then_it_counts(waiting, bob, mo, careful, as_):
    careful.refresh_from_db()
    assert careful.thread_count == 0
    as_(mo).post(f"/moderation/posts/{waiting.posts.get(number=1).pk}/", {"do": "approve", "reason": "Fine"})
    waiting.refresh_from_db()
    careful.refresh_from_db()
    bob.refresh_from_db()
    assert (waiting.held_at, waiting.hidden_at, careful.thread_count, bob.thread_count) == (None, None, 1, 1)
    assert as_(None).get(waiting.get_absolute_url()).status_code == 200


def test_a_reply_that_waits_earns_nothing_before_it_is_shown(alice, bob, mo, topic):
    thread = ask(alice, topic=topic, subject="Is it on?", body="The light is red.")
    Topic.objects.filter(pk=topic.pk).update(review_replies=True)
    reply = post_reply(bob, thread, body="Press twice.")

    def balance():
        return sum(Account.objects.filter(profile=bob).values_list("balance", flat=True))

    assert balance() == 0
    approve_post(mo, reply)
    assert balance() == 1


def test_approve_and_trust_lets_the_author_through_and_is_in_the_log(waiting, bob, mo):
    approve_post(mo, waiting.posts.get(number=1), trust=True, reason="Known from the club")
    bob.refresh_from_db()
    assert bob.trust == "trusted"
    assert list(LogEntry.objects.order_by("id").values_list("action", flat=True))[-2:] == [
        "post.approved",
        "profile.trust-set",
    ]
    assert not list(broken_entries())


def test_turned_down_stays_out_of_sight_and_can_go_back_to_the_queue(waiting, mo, as_):
    post = waiting.posts.get(number=1)
    turn_down_post(mo, post, spam=True)
    assert as_(None).get(waiting.get_absolute_url()).status_code == 404
    with pytest.raises(PermissionDenied):
        show_thread(mo, waiting)
    review_again(mo, post)
    approve_post(mo, post)
    waiting.refresh_from_db()
    assert as_(None).get(waiting.get_absolute_url()).status_code == 200


def test_a_turned_down_reply_is_not_shown_by_the_other_tools(alice, bob, mo, topic):
    thread = ask(alice, topic=topic, subject="Is it on?", body="The light is red.")
    Topic.objects.filter(pk=topic.pk).update(review_replies=True)
    reply = post_reply(bob, thread, body="Press twice.")
    turn_down_post(mo, reply)
    with pytest.raises(PermissionDenied):
        show_post(mo, reply)


def test_nobody_decides_about_their_own_text(mo, cleo, waiting):
    post = waiting.posts.get(number=1)
    Post.objects.filter(pk=post.pk).update(author=mo)
    post.refresh_from_db()
    for actor in (mo, cleo):
        with pytest.raises(PermissionDenied):
            approve_post(actor, post)


def test_many_are_decided_at_once(bob, mo, careful, as_):
    posts = [
        ask(bob, topic=careful, subject=f"Report {n}", body=f"Number {n}.").posts.get(number=1).pk
        for n in range(4)
    ]
    answer = as_(mo).post(
        "/moderation/posts/", {"do": "approve", "ids": [*map(str, posts[:3]), "x", "999999"]}, follow=True
    )
    assert "Approve: 3 done." in answer.content.decode()
    assert Thread.objects.filter(held_at=None).count() == 3


@pytest.mark.parametrize(
    "page", ["/moderation/review/", "/moderation/review/?show=recent", "/moderation/spam/"]
)
def test_the_pages_are_for_moderators(page, as_, bob, cleo, mo, root, waiting):
    assert [as_(one).get(page).status_code for one in (None, bob, cleo, mo, root)] == [
        302,
        403,
        403,
        200,
        200,
    ]


def test_ten_more_texts_cost_no_more_queries(bob, mo, careful, as_):
    browser = as_(mo)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get("/moderation/review/").status_code == 200
        return len(seen)

    for number in range(2):
        ask(bob, topic=careful, subject=f"Report {number}", body=f"Number {number}.")
    queries()
    few = queries()
    for number in range(10):
        ask(bob, topic=careful, subject=f"More {number}", body=f"More of {number}.")
    assert queries() <= few


def test_only_admins_let_the_filter_hold(mo, root, as_):
    form = {"mode": "on", "bar": "0.9", "reason": "Precise enough"}
    assert as_(mo).post("/moderation/spam/filter/", form).status_code in (302, 403)
    page = as_(root).post("/moderation/spam/filter/", form, follow=True).content.decode()
    assert "Hold posts that are almost certainly spam" in page
    assert LogEntry.objects.filter(action="spam-filter.set").count() == 1
    for bar in ("2", "nan", "x", ""):
        assert as_(root).post("/moderation/spam/filter/", {"mode": "on", "bar": bar}).status_code == 302
    assert LogEntry.objects.filter(action="spam-filter.set").count() == 1
