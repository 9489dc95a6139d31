"""A duplicate leads to the thread that stays; undoing leaves no trace."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from forums.actions.posts import post_reply
from forums.actions.subscriptions import add_me_too, subscribe, unsubscribe
from forums.actions.threads import ask
from forums.actions.votes import vote
from forums.models import ThreadSubscription, Vote
from moderation.actions.merging import merge_thread, unmerge_thread
from moderation.actions.threads import hide_thread, make_private

TABLES = (
    "forums_post",
    "forums_vote",
    "forums_threadsubscription",
    "forums_metoo",
    "forums_thread",
    "forums_topic",
    "forums_tag",
)


@pytest.fixture
def other(charlie, topic):
    return ask(charlie, topic=topic, subject="Export has no rows", body="Why is it empty?", tags=["csv"])


def _state():
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT md5(coalesce(string_agg(r::text, '|' ORDER BY r.id), '')) FROM {table} r")
            found[table] = cursor.fetchone()[0]
    return found


def test_the_page_of_a_duplicate_leads_to_the_other_and_says_so(mo, thread, other, as_):
    merge_thread(mo, other, into=thread, reason="The same question")
    browser = as_(None)
    answer = browser.get(f"/questions/{other.slug}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/questions/{thread.slug}/?from={other.pk}")
    assert "was merged into this thread" in browser.get(answer["Location"]).content.decode()
    old = browser.get(f"/questions/{other.slug}/?duplicate=1")
    assert f'rel="canonical" href="http://localhost:8000/questions/{thread.slug}/"' in old.content.decode()
    assert old["X-Robots-Tag"] == "noindex"
    assert other.subject not in browser.get("/questions/").content.decode()


def test_votes_and_followers_move_without_counting_anybody_twice(
    mo, alice, bob, charlie, person, thread, other
):
    dora = person("dora")
    for voter in (bob, dora):
        vote(voter, other.posts.get(number=1))
    vote(alice, other.posts.get(number=1))
    vote(bob, thread.posts.get(number=1))
    add_me_too(bob, other)
    unsubscribe(dora, thread)
    subscribe(dora, other)
    merge_thread(mo, other, into=thread)
    opening = thread.posts.get(number=1)
    assert set(Vote.objects.filter(post=opening).values_list("profile", flat=True)) == {bob.pk, dora.pk}
    assert opening.vote_count == 2
    thread.refresh_from_db()
    assert (thread.vote_count, thread.me_too_count) == (2, 1)
    heard = ThreadSubscription.objects.filter(thread=thread, muted_at=None).values_list("profile", flat=True)
    assert set(heard) == {alice.pk, bob.pk, charlie.pk}


def test_undoing_a_merge_of_200_posts_returns_every_row_to_what_it_was(mo, bob, alice, person, thread, other):
    people = [person(f"p{number}") for number in range(12)]
    for number in range(200):
        post = post_reply(
            people[number % 12], other if number % 2 else thread, body=f"Reply number {number}."
        )
        vote(people[(number + 1) % 12], post)
    for number, one in enumerate(people):
        vote(one, other.posts.get(number=1))
        if number % 3:
            vote(one, thread.posts.get(number=1))
            unsubscribe(one, thread)
        add_me_too(one, other)
    before = _state()
    merge_thread(mo, other, into=thread)
    assert _state() != before
    unmerge_thread(mo, other)
    assert _state() == before


def test_what_people_did_since_stays(mo, bob, person, thread, other):
    dora = person("dora")
    vote(dora, other.posts.get(number=1))
    merge_thread(mo, other, into=thread)
    vote(bob, thread.posts.get(number=1))
    unmerge_thread(mo, other)
    assert set(Vote.objects.filter(post__thread=thread).values_list("profile", flat=True)) == {bob.pk}


def test_nobody_replies_or_votes_on_a_duplicate(mo, bob, thread, other):
    merge_thread(mo, other, into=thread)
    with pytest.raises(PermissionDenied, match="Reply there"):
        post_reply(bob, other, body="Late.")
    with pytest.raises(PermissionDenied, match="Upvote posts there"):
        vote(bob, other.posts.get(number=1))


def test_a_merge_goes_only_where_everybody_can_read(mo, cleo, bob, thread, other, topic):
    with pytest.raises(PermissionDenied):
        merge_thread(bob, other, into=thread)
    with pytest.raises(ValidationError):
        merge_thread(mo, other, into=other)
    make_private(mo, thread)
    with pytest.raises((PermissionDenied, ValidationError)):
        merge_thread(mo, other, into=thread)
    third = ask(bob, topic=topic, subject="A third one", body="Hello there.")
    merge_thread(cleo, other, into=third)
    fourth = ask(bob, topic=topic, subject="A fourth one", body="Hello again.")
    with pytest.raises(ValidationError, match="leads to"):
        merge_thread(mo, fourth, into=other)
    hide_thread(mo, third)


def test_the_page_and_the_api_merge_and_undo(mo, thread, other, as_):
    browser = as_(mo)
    browser.post(
        f"/moderation/threads/{other.pk}/",
        {"do": "merge", "into": f"http://localhost/questions/{thread.slug}/"},
    )
    other.refresh_from_db()
    assert other.merged_into_id == thread.pk
    assert browser.delete(f"/api/v1/threads/{other.pk}/merge/").json()["merged_into"] is None
    answer = browser.post(
        f"/api/v1/threads/{other.pk}/merge/", {"into": thread.pk}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["merged_into"]) == (200, thread.pk)
    assert (
        browser.post(
            f"/api/v1/threads/{thread.pk}/merge/", {"into": 999999}, content_type="application/json"
        ).status_code
        == 400
    )
