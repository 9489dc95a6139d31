"""What champions cannot reach or reverse, and what a paused member cannot bring back."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied

from forums.actions.posts import delete_post, post_reply, undelete_post
from forums.actions.threads import ask, delete_thread, edit_thread, undelete_thread
from forums.models import Post, Thread
from moderation.actions import threads
from moderation.actions.merging import merge_thread, unmerge_thread
from moderation.actions.posts import hide_post, set_post_hidden, show_post
from moderation.actions.review import turn_down_post
from moderation.actions.sanctions import NewSanction, sanction

TOOLS = {
    "archive": (threads.archive_thread, threads.unarchive_thread),
    "lock": (threads.lock_thread, threads.unlock_thread),
    "pin": (threads.pin_thread, threads.unpin_thread),
    "hide": (threads.hide_thread, threads.show_thread),
}


@pytest.fixture
def waiting(bob, topic):
    """A thread that awaits approval."""
    topic.review_threads = True
    topic.save()
    return ask(bob, topic=topic, subject="Is it plugged in?", body="I mean the cable.", tags=["cable"])


def send(browser, path, body, method="patch"):
    return getattr(browser, method)(path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(
    "body", [{}, {"tags": ["mine"]}, {"archived": True}, {"hidden": False}, {"topic": "exports"}]
)
@pytest.mark.parametrize("rejected", [False, True])
def test_a_champion_cannot_reach_what_awaits_approval_by_api(body, rejected, waiting, cleo, mo, as_):
    opening = waiting.posts.get(number=1)
    if rejected:
        turn_down_post(mo, opening)
    answer = send(as_(cleo), f"/api/v1/threads/{waiting.pk}/moderation/", body)
    assert (answer.status_code, "plugged" in answer.content.decode()) == (404, False)
    assert send(as_(cleo), f"/api/v1/posts/{opening.pk}/moderation/", {"hidden": False}).status_code == 404
    bulk = {"do": "retag", "threads": [waiting.pk], "tags": ["mine"], "reason": "Tidy"}
    results = send(as_(cleo), "/api/v1/moderation/bulk/", bulk, "post").json()["results"]
    assert [result["done"] for result in results] == [False]
    waiting.refresh_from_db()
    assert (waiting.tag_names, waiting.archived_at) == (["cable"], None)


@pytest.mark.parametrize(
    "form", [{"do": "retag", "tags": "mine"}, {"do": "archive"}, {"do": "merge", "into": "1"}]
)
def test_a_champion_cannot_reach_what_awaits_approval_on_the_page(form, waiting, cleo, as_):
    opening = waiting.posts.get(number=1)
    assert as_(cleo).post(f"/moderation/threads/{waiting.pk}/", form).status_code == 404
    assert as_(cleo).post(f"/moderation/posts/{opening.pk}/", {"do": "show"}).status_code == 404
    with pytest.raises(PermissionDenied):
        edit_thread(cleo, waiting, tags=["mine"])


def test_a_moderator_still_reaches_what_awaits_approval(waiting, mo, as_):
    answer = send(as_(mo), f"/api/v1/threads/{waiting.pk}/moderation/", {"tags": ["plug"]})
    assert (answer.status_code, answer.json()["tags"]) == (200, ["plug"])


def test_a_champion_who_deletes_an_own_thread_by_api_gets_an_answer(cleo, topic, as_):
    own = ask(cleo, topic=topic, subject="Mine alone", body="Text.")
    assert send(as_(cleo), f"/api/v1/threads/{own.pk}/moderation/", {"deleted": True}).status_code == 200


@pytest.mark.parametrize("tool", TOOLS)
def test_a_champion_cannot_reverse_a_moderator(tool, thread, cleo, mo, root):
    do, undo = TOOLS[tool]
    for decider in (mo, root):
        do(decider, thread)
        with pytest.raises(PermissionDenied, match="only a moderator can undo"):
            undo(cleo, thread)
        undo(mo, thread)
    do(cleo, thread)
    undo(cleo, thread)
    do(cleo, thread)
    undo(mo, thread)


def test_a_champion_cannot_unhide_a_reply_that_a_moderator_or_reports_hid(reply, cleo, mo, as_):
    for decider, sentence in ((mo, "only a moderator can undo"), (None, "hidden after reports")):
        set_post_hidden(decider, reply, hidden=True)
        with pytest.raises(PermissionDenied, match=sentence):
            show_post(cleo, reply)
        refused = send(as_(cleo), f"/api/v1/posts/{reply.pk}/moderation/", {"hidden": False})
        assert (refused.status_code, sentence in refused.json()["detail"]) == (403, True)
        show_post(mo, reply)
    hide_post(cleo, reply)
    show_post(cleo, reply)
    assert Post.objects.get(pk=reply.pk).hidden_at is None


def test_a_champion_cannot_unmerge_what_a_moderator_merged(thread, bob, topic, cleo, mo):
    other = ask(bob, topic=topic, subject="The same", body="Text.")
    merge_thread(mo, other, into=thread)
    with pytest.raises(PermissionDenied, match="only a moderator can undo"):
        unmerge_thread(cleo, other)
    unmerge_thread(mo, other)
    merge_thread(cleo, other, into=thread)
    unmerge_thread(cleo, other)
    assert Thread.objects.get(pk=other.pk).merged_into_id is None


def test_a_paused_member_cannot_restore_what_they_deleted(thread, topic, bob, mo, as_):
    reply, own = (
        post_reply(bob, thread, body="I take this back."),
        ask(bob, topic=topic, subject="And this", body="Text."),
    )
    delete_post(bob, reply)
    delete_thread(bob, own)
    sanction(
        mo,
        bob,
        NewSanction(
            kind="warning", rule="kind", explanation="Slow down.", posts_per_day=0, skip_reason="A flood."
        ),
    )
    bob.refresh_from_db()
    for undelete, thing in ((undelete_post, reply), (undelete_thread, own)):
        with pytest.raises(PermissionDenied):
            undelete(bob, thing)
    assert as_(bob).post(f"/questions/post/{reply.pk}/undelete/").status_code == 403
    assert as_(bob).post(f"/questions/thread/{own.pk}/undelete/").status_code == 403
    undelete_post(mo, reply)
    undelete_thread(mo, own)


def test_an_author_restores_a_reply_within_the_hour(reply, bob, charlie):
    delete_post(bob, reply)
    with pytest.raises(PermissionDenied, match="for an hour"):
        undelete_post(charlie, reply)
    assert undelete_post(bob, reply).deleted_at is None
