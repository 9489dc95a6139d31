"""Replies become a new thread, or move to another one; undoing puts them back exactly, and keeps what came since."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection

from community.audit.models import LogEntry
from community.audit.queries import broken_entries
from community.lib.errors import Conflict
from community.lib.refusals import attempt
from forums.actions.posts import delete_post, post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from forums.actions.votes import vote
from forums.models import Post, Thread, ThreadSubscription
from moderation.actions.posts import hide_post
from moderation.actions.splitting import move_replies, put_back, split_replies
from moderation.actions.threads import archive_thread, hide_thread, make_private
from profiles.models import Notification

UNDO = re.compile(r'action="(/moderation/log/undo/\?entries=[\d,]+)"')
ROWS = {
    "forums_post": "id, thread_id, number, author_id, created_at, vote_count, hidden_at, deleted_at",
    "forums_vote": "id, post_id, profile_id",
    "forums_thread": "id, slug, solution_id, solved_at, reply_count, helper_reply_count, last_number, last_activity_at, vote_count,"
    " hot_score, first_reply_at, participant_ids",
    "forums_topic": "id, thread_count, unanswered_count, solved_count",
    "forums_threadsubscription": "thread_id, profile_id, muted_at",
    "forums_threadindex": "id, vector",
    "profiles_profile": "id, thread_count, reply_count, solution_count, reputation",
}


def _rows():
    found = {}
    with connection.cursor() as cursor:
        for table, columns in ROWS.items():
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2")
            found[table] = cursor.fetchall()
    return found


def _proven():
    call_command("recount", "--check")
    return list(broken_entries()) == []


@pytest.fixture
def replies(thread, bob, charlie, alice):
    return [
        post_reply((bob, charlie, alice)[number % 3], thread, body=f"Idea number {number}.")
        for number in range(6)
    ]


@pytest.fixture
def other(charlie, topic):
    other = ask(charlie, topic=topic, subject="Export has no rows", body="Why is it empty?")
    post_reply(charlie, other, body="Anybody?")
    return other


def test_split_makes_a_thread_and_undo_puts_everything_back(mo, alice, bob, person, thread, replies, board):
    vote(alice, replies[1])
    mark_solution(alice, replies[3])
    before = _rows()
    into = split_replies(
        mo, [replies[3], replies[1]], subject="Another matter", topic=board, reason="Off topic"
    )
    thread.refresh_from_db()
    assert list(into.posts.order_by("number").values_list("pk", "number")) == [
        (replies[1].pk, 1),
        (replies[3].pk, 2),
    ]
    assert (into.author_id, into.created_at, into.vote_count) == (
        replies[1].author_id,
        replies[1].created_at,
        1,
    )
    assert (thread.reply_count, thread.solution_id, into.reply_count) == (4, None, 1)
    assert ThreadSubscription.objects.filter(thread=into).count() == 2
    assert _proven()
    put_back(mo, replies[1])
    assert _rows() == before
    assert _proven()


def test_move_adds_at_the_end_and_undo_puts_everything_back(mo, alice, thread, replies, other):
    mark_solution(alice, replies[0])
    before = _rows()
    move_replies(mo, [replies[0]], into=other, onward=True)
    thread.refresh_from_db()
    assert list(other.posts.order_by("number").values_list("pk", flat=True))[2:] == [
        one.pk for one in replies
    ]
    assert (thread.reply_count, Thread.objects.get(pk=other.pk).reply_count, thread.solution_id) == (
        0,
        7,
        None,
    )
    assert _proven()
    put_back(mo, replies[0])
    assert _rows() == before
    assert _proven()


def test_what_was_written_since_stays(mo, bob, thread, replies, other):
    into = split_replies(mo, replies[2:4], subject="Another matter")
    here, there = post_reply(bob, thread, body="Still here."), post_reply(bob, into, body="New here.")
    put_back(mo, replies[2])
    numbers = dict(thread.posts.values_list("pk", "number"))
    assert (numbers[replies[2].pk], numbers[replies[3].pk], numbers[here.pk], numbers[there.pk]) == (
        4,
        5,
        8,
        9,
    )
    move_replies(mo, replies[:2], into=other)
    late = post_reply(bob, other, body="Later.")
    put_back(mo, replies[0])
    assert late.thread_id == other.pk and Post.objects.get(pk=late.pk).number == 5
    assert _proven()


def test_links_lead_on_and_the_old_thread_says_where_they_went(mo, as_, thread, replies, board):
    into = split_replies(mo, replies[2:4], subject="Another <b>matter</b>")
    page = as_(None).get(thread.get_absolute_url()).content.decode()
    assert (
        "2 replies were moved to" in page and f"/questions/{into.slug}/" in page and "<b>matter" not in page
    )
    assert (
        as_(None).get(f"/questions/post/{replies[3].pk}/")["Location"]
        == f"/questions/{into.slug}/#post-{replies[3].pk}"
    )
    hide_thread(mo, into)
    assert "were moved" not in as_(None).get(thread.get_absolute_url()).content.decode()
    assert "hidden" not in attempt(put_back, mo, replies[2]) and Thread.objects.filter(pk=into.pk).exists()


def test_link_of_a_split_that_was_undone_leads_back(mo, as_, thread, replies):
    into = split_replies(mo, replies[2:4], subject="Another matter")
    put_back(mo, replies[2])
    assert as_(None).get(f"/questions/{into.slug}/")["Location"] == thread.get_absolute_url()
    assert "were moved" not in as_(None).get(thread.get_absolute_url()).content.decode()


PUBLIC = (
    "/", "/questions/", "/questions/{slug}/", "/questions/post/{reply}/", "/search/?q=kumquat", "/search/?q=kumquat&type=posts",
    "/feeds/threads.atom", "/feeds/threads/{thread}.atom", "/feeds/topics/exports.atom", "/sitemap-threads-0.xml",
    "/api/v1/threads/", "/api/v1/threads/{thread}/posts/", "/api/v1/posts/{reply}/", "/api/v1/search/?q=kumquat",
    "/api/v1/threads/similar/?q=kumquat", "/community/profiles/{author}/", "/community/profiles/{author}/?tab=discussions",
)  # fmt: skip


def test_replies_in_a_thread_that_was_hidden_since_show_nowhere(
    mo, as_, alice, bob, charlie, thread, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        reply = post_reply(bob, thread, body="The kumquat says wombatword.")
        into = split_replies(mo, [reply], subject="The kumquat of zanzibarword")
    given = {"slug": thread.slug, "thread": thread.pk, "reply": reply.pk, "author": bob.pk}
    paths = [one.format(**given) for one in PUBLIC] + [into.get_absolute_url()]
    words = ("zanzibarword", "wombatword")

    def seen(who):
        pages = {path: as_(who).get(path, follow=True).content.decode() for path in paths}
        return {path for path, page in pages.items() if any(word in page for word in words)}

    assert len(seen(None)) > 8
    with django_capture_on_commit_callbacks(execute=True):
        hide_thread(mo, into)
    assert seen(None) == set() and seen(charlie) == set()


def test_authors_are_notified_once_each(mo, bob, thread, replies):
    split_replies(mo, replies, subject="Another matter", reason="Off topic")
    told = Notification.objects.filter(kind="moderated")
    assert sorted(told.values_list("profile__name", flat=True)) == [
        "Alice Example",
        "Bob Example",
        "Charlie Example",
    ]
    assert "Another matter" in told.first().title


def test_page_splits_and_its_toast_and_the_log_undo_it(as_, cleo, mo, thread, replies):
    before, browser = _rows(), as_(cleo)
    ids = [one.pk for one in replies[1:3]]
    form = {
        "do": "split",
        "ids": ids,
        "split-subject": "Another matter",
        "split-topic": "",
        "next": thread.get_absolute_url(),
    }
    page = browser.post("/moderation/posts/", form, follow=True).content.decode()
    assert Thread.objects.get(subject="Another matter").posts.count() == 2
    browser.post(UNDO.search(page)[1])
    assert _rows() == before
    browser.post("/moderation/posts/", form)
    log = as_(mo).get("/moderation/log/").content.decode()
    assert "split replies from" in log and thread.subject in log and "Another matter" in log
    as_(mo).post(UNDO.search(log)[1])
    assert _rows() == before


def test_api_splits_and_moves(as_, mo, thread, replies, other):
    use = lambda **form: as_(mo).post(  # noqa: E731
        "/api/v1/moderation/bulk/", {"reason": "Tidy", **form}, content_type="application/json"
    )
    assert list(use(do="split", posts=[replies[0].pk]).json()) == ["subject"]
    assert use(do="split", posts=[replies[0].pk, 10**9], subject="New", onward=True).json()["results"] == [
        {"kind": "post", "id": replies[0].pk, "done": True, "detail": ""},
        {"kind": "post", "id": 10**9, "done": False, "detail": "Not found."},
    ]
    assert Thread.objects.get(subject="New").posts.count() == 6
    new = [replies[4].pk, replies[5].pk]
    assert all(row["done"] for row in use(do="move-replies", posts=new, into=other.pk).json()["results"])
    assert other.posts.count() == 4
    assert use(do="split", threads=[thread.pk], subject="New").status_code == 400


@pytest.mark.parametrize(
    "wrong", ["opening", "two threads", "hidden first", "no subject", "same thread", "archived", "private"]
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(mo, thread, replies, other, wrong):
    opening, posts, given = thread.posts.get(number=1), replies[:2], {"subject": "Another matter"}
    act = split_replies
    if wrong == "opening":
        posts = [opening, *posts]
    elif wrong == "two threads":
        posts = [*posts, *other.posts.filter(number=2)]
    elif wrong == "hidden first":
        hide_post(mo, replies[0])
    elif wrong == "no subject":
        given = {"subject": " "}
    elif wrong == "same thread":
        act, given = move_replies, {"into": thread}
    elif wrong == "archived":
        archive_thread(mo, other)
        act, given = move_replies, {"into": other}
    else:
        make_private(mo, thread)
    before = _rows()
    with pytest.raises((PermissionDenied, ValidationError)):
        act(mo, posts, **given)
    assert _rows() == before


def test_hidden_and_deleted_replies_move_along_for_moderators(mo, cleo, thread, replies):
    hide_post(mo, replies[2])
    delete_post(mo, replies[3])
    before = _rows()
    split_replies(mo, [replies[1]], subject="All", onward=True)
    assert Thread.objects.get(subject="All").posts.count() == 5 and _proven()
    put_back(mo, replies[1])
    assert _rows() == before
    split_replies(cleo, [replies[1]], subject="Some", onward=True)
    assert set(Thread.objects.get(subject="Some").posts.values_list("pk", flat=True)) == {
        replies[n].pk for n in (1, 2, 4, 5)
    }
    assert Post.objects.get(pk=replies[3].pk).thread_id == thread.pk


def test_members_split_nothing_and_a_champion_undoes_no_moderator(bob, cleo, mo, as_, thread, replies):
    with pytest.raises(PermissionDenied):
        split_replies(bob, replies[:1], subject="Mine")
    form = {"do": "split", "ids": [replies[0].pk], "split-subject": "Mine"}
    assert as_(bob).post("/moderation/posts/", form).status_code == 403
    split_replies(mo, replies[:1], subject="Theirs")
    with pytest.raises(PermissionDenied):
        put_back(cleo, replies[0])
    entry = LogEntry.objects.get(action="post.split")
    assert as_(cleo).post(f"/moderation/log/undo/?entries={entry.pk}").status_code == 404


def test_split_is_not_undone_under_what_followed_it(mo, thread, replies, other):
    into = split_replies(mo, replies[:3], subject="Another matter")
    moved = Post.objects.get(pk=replies[2].pk)
    move_replies(mo, [moved], into=other)
    with pytest.raises(Conflict):
        put_back(mo, replies[0])
    put_back(mo, moved)
    put_back(mo, replies[0])
    assert not Thread.objects.filter(pk=into.pk).exists() and _proven()


@pytest.mark.django_db(transaction=True)
def test_two_moderators_and_a_reply_at_once(mo, cleo, bob, thread, replies, other):
    def run(call):
        try:
            return attempt(call)
        finally:
            connection.close()

    calls = [
        lambda: split_replies(mo, replies[1:4], subject="By Mo"),
        lambda: split_replies(cleo, replies[2:5], subject="By Cleo"),
        lambda: move_replies(cleo, replies[1:2], into=other),
        lambda: post_reply(bob, thread, body="Meanwhile."),
        lambda: post_reply(bob, other, body="Meanwhile."),
    ]
    with ThreadPoolExecutor(len(calls)) as pool:
        refused = list(pool.map(run, calls))
    assert refused[3:] == ["", ""] and "" in refused[:3]
    assert all(not why or "no longer in this thread" in why for why in refused)
    assert Post.objects.count() == 11 and _proven()
