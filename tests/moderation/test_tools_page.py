"""The tools of a thread's page: they ask before they delete, say why they refuse, and everything can be undone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from community.audit.models import LogEntry
from community.audit.queries import broken_entries
from community.lib.verbs import REVERSALS, SENTENCES
from forums.actions.posts import edit_post
from forums.actions.solutions import mark_solution
from forums.models import Post, Thread
from moderation.actions.posts import hide_post
from moderation.actions.threads import archive_thread, make_private, move_thread
from profiles.models import Notification

UNDO_FORM = re.compile(r'action="(/moderation/log/undo/\?entries=\d+)"')


def _use(browser, thing, **form):
    kind = "threads" if isinstance(thing, Thread) else "posts"
    return browser.post(f"/moderation/{kind}/{thing.pk}/", form, follow=True).content.decode()


def _state(thing):
    thing = type(thing)._default_manager.get(pk=thing.pk)
    fields = ("topic_id", "tag_names", "solution_id", "merged_into_id", "body", "subject")
    marks = ("archived_at", "locked_at", "pinned_at", "hidden_at", "private_at", "deleted_at")
    kept = {name: getattr(thing, name) for name in fields if hasattr(thing, name)}
    return kept | {name: bool(getattr(thing, name)) for name in marks if hasattr(thing, name)}


@pytest.mark.parametrize(
    "form",
    [
        {"do": "archive"}, {"do": "lock"}, {"do": "pin"}, {"do": "hide"}, {"do": "make-private"}, {"do": "delete", "confirmed": "y"},
        {"do": "move", "topic": "show-and-tell", "confirmed": "y"}, {"do": "retag", "tags": "one two"},
    ],
)  # fmt: skip
def test_toast_undoes_each_tool_and_can_be_undone_itself(as_, mo, thread, reply, alice, board, form):
    mark_solution(alice, reply)
    browser, before = as_(mo), _state(thread)
    page = _use(browser, thread, **form)
    after = _state(thread)
    assert after != before
    browser.post(UNDO_FORM.search(page)[1])
    assert _state(thread) == before
    log = browser.get("/moderation/log/").content.decode()
    browser.post(UNDO_FORM.findall(log)[0])
    assert _state(thread) == after
    assert list(broken_entries()) == []


@pytest.mark.parametrize("form", [{"do": "hide"}, {"do": "delete", "confirmed": "y"}])
def test_toast_undoes_what_was_done_to_a_reply(as_, mo, reply, form):
    browser, before = as_(mo), _state(reply)
    page = _use(browser, reply, reason="Not kind.", **form)
    assert _state(reply) != before
    browser.post(UNDO_FORM.search(page)[1])
    assert _state(reply) == before
    browser.post(UNDO_FORM.findall(browser.get("/moderation/log/").content.decode())[0])
    assert _state(reply) != before


def test_edit_of_another_needs_a_reason_and_can_be_undone(as_, mo, thread):
    post, browser = thread.posts.get(number=1), as_(mo)
    path = f"/questions/post/{post.pk}/edit/"
    form = {"subject": "Why is it empty?", "tags": "csv", "body": "Nothing comes out."}
    refused = browser.post(path, form)
    assert (refused.status_code, "Add a reason" in refused.content.decode()) == (400, True)
    assert "Edit question" in refused.content.decode()
    assert (
        Post.objects.get(pk=post.pk).body == post.body
        and Thread.objects.get(pk=thread.pk).subject == thread.subject
    )
    page = browser.post(path, {**form, "reason": "Clearer"}, follow=True).content.decode()
    browser.post(UNDO_FORM.search(page)[1])
    assert Post.objects.get(pk=post.pk).body == post.body
    log = browser.get(f"/moderation/log/?target=thread:{thread.pk}").content.decode()
    browser.post(UNDO_FORM.findall(log)[0])
    assert Thread.objects.get(pk=thread.pk).subject == thread.subject


def test_api_edit_of_another_needs_a_reason(as_, mo, thread, reply):
    for path, field in ((f"/api/v1/posts/{reply.pk}/", "body"), (f"/api/v1/threads/{thread.pk}/", "subject")):
        answer = as_(mo).patch(path, {field: "Something else"}, content_type="application/json")
        assert (answer.status_code, list(answer.json())) == (400, ["reason"])
        answer = as_(mo).patch(
            path, {field: "Something else", "reason": "Clearer"}, content_type="application/json"
        )
        assert answer.status_code == 200


def test_edit_is_not_undone_over_a_later_one(as_, mo, bob, reply):
    edit_post(mo, reply, body="Check the filters.", reason="Plural")
    entry = LogEntry.objects.get(action="post.edited")
    edit_post(bob, Post.objects.get(pk=reply.pk), body="Check it all.")
    assert f"/moderation/log/undo/?entries={entry.pk}" not in as_(mo).get("/moderation/log/").content.decode()
    page = as_(mo).post(f"/moderation/log/undo/?entries={entry.pk}", follow=True).content.decode()
    assert "can no longer be undone" in page
    assert as_(mo).post(f"/api/v1/moderation/log/{entry.pk}/undo/").status_code == 409
    assert Post.objects.get(pk=reply.pk).body == "Check it all."


def test_api_undoes_an_entry_of_the_log(as_, mo, thread, topic, board):
    move_thread(mo, thread, topic=board)
    entry = as_(mo).get("/api/v1/moderation/log/").json()["results"][0]
    assert (entry["undoable"], entry["before"]) == (True, "Solution: –; Topic: Exports")
    answer = as_(mo).post(f"/api/v1/moderation/log/{entry['id']}/undo/")
    assert (answer.status_code, answer.json()["after"]) == (200, "Solution: –; Topic: Exports")
    assert Thread.objects.get(pk=thread.pk).topic_id == topic.pk


def test_champion_undoes_only_what_they_did(as_, cleo, mo, thread, reply):
    archive_thread(mo, thread)
    assert (
        as_(cleo).post(f"/moderation/log/undo/?entries={LogEntry.objects.latest('id').pk}").status_code == 404
    )
    hide_post(cleo, reply)
    own = LogEntry.objects.latest("id").pk
    assert as_(cleo).post(f"/moderation/log/undo/?entries={own}").status_code == 302
    make_private(mo, thread)
    assert as_(cleo).post(f"/moderation/log/undo/?entries={own}").status_code == 404


def test_delete_asks_first_and_keeps_what_was_typed(as_, mo, thread, reply):
    for thing in (thread, reply):
        page = _use(as_(mo), thing, do="delete", reason="Sold <twice>", quiet="yes")
        assert _state(thing)["deleted_at"] is False
        assert "Sold &lt;twice&gt;" in page and "checked" in page and 'name="confirmed"' in page


def test_move_of_a_solved_question_to_a_discussion_asks_first(as_, mo, alice, thread, reply, board):
    mark_solution(alice, reply)
    page = _use(as_(mo), thread, do="move", topic=board.slug)
    assert "This question is solved" in page and f'value="{board.slug}"' in page
    assert Thread.objects.get(pk=thread.pk).solution_id == reply.pk
    _use(as_(mo), thread, do="move", topic=board.slug, confirmed="yes")
    assert Thread.objects.get(pk=thread.pk).topic_id == board.pk


@pytest.mark.parametrize("named", ["", "nowhere", "\x00", "x" * 300])
def test_move_without_a_topic_says_what_is_missing(as_, mo, thread, named):
    page = _use(as_(mo), thread, do="move", topic=named)
    assert "Choose the topic to move this thread to." in page and thread.subject in page


@pytest.mark.parametrize("do", ["", "explode", "\x00"])
def test_unknown_tool_is_refused_in_words(as_, mo, thread, reply, do):
    for path in (f"/moderation/threads/{thread.pk}/", f"/moderation/posts/{reply.pk}/"):
        assert as_(mo).post(path, {"do": do}).status_code == 403


def test_author_is_not_notified_when_the_moderator_says_so(as_, mo, alice, bob, thread, reply):
    told = Notification.objects.filter(profile__in=[alice, bob], kind="moderated")
    browser = as_(mo)
    _use(browser, thread, do="archive", quiet="yes")
    _use(browser, reply, do="hide", quiet="yes")
    json = {"content_type": "application/json"}
    browser.patch(f"/api/v1/threads/{thread.pk}/moderation/", {"locked": True, "notify": False}, **json)
    browser.patch(f"/api/v1/posts/{reply.pk}/moderation/", {"hidden": False, "notify": False}, **json)
    bulk = {"do": "restore", "threads": [thread.pk], "reason": "Tidy", "notify": False}
    assert browser.post("/api/v1/moderation/bulk/", bulk, **json).json()["results"][0]["done"]
    chosen = {"action": "hide", "_selected_action": [thread.pk], "confirm": "yes", "reason": "Tidy"}
    browser.post("/admin/forums/thread/", {**chosen, "quiet": "on"})
    assert Thread.objects.get(pk=thread.pk).hidden_at
    assert not told.exists()
    browser.post("/admin/forums/thread/", {**chosen, "action": "unhide"})
    assert told.count() == 1


def test_every_recorded_action_has_words():
    """Find the codes in the source: string constants given to record(), and the tables of codes of kind.verb."""
    kinds = {name.partition(".")[0] for name in SENTENCES.names()}
    spoken = re.compile(r"[a-z_-]+\.[a-z]+([_-][a-z]+)*")
    codes = set()
    for app in ("community", "profiles", "points", "forums", "moderation"):
        for path in Path(settings.BASE_DIR, app).rglob("*/*.py"):
            source = path.read_text()
            if "record(" not in source or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(source)):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and spoken.fullmatch(node.value)
                ):
                    codes.add(node.value)
    found = {
        code
        for code in codes
        if code.partition(".")[0] in kinds and not code.endswith((".csv", ".json", ".html"))
    }
    assert len(found) > 50
    assert sorted(found - set(SENTENCES.names())) == []
    assert set(REVERSALS.names()) <= set(SENTENCES.names())


def test_log_names_what_ids_stand_for(as_, mo, alice, thread, reply, board):
    mark_solution(alice, reply)
    move_thread(mo, thread, topic=board)
    page = as_(mo).get("/moderation/log/").content.decode()
    assert re.search(
        r"<dt>Topic</dt>\s*<dd><del[^>]*>Exports</del>.*?<ins[^>]*>Show and tell</ins>", page, re.DOTALL
    )
    assert f"post {reply.pk} by Bob Example" in page
    assert "thread.moved</a>" not in page
