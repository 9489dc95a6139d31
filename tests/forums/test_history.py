"""The edit history: who changed what, and removing what should never have been posted."""

from __future__ import annotations

import json
import re
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from community.audit.models import LogDetail, LogEntry
from community.audit.queries import broken_entries
from forums.actions.posts import edit_post
from forums.actions.redaction import redact_revision
from forums.actions.threads import edit_thread
from forums.diffs import ADDED, REMOVED, SAME, STEPS, Part, diff, diff_tokens
from forums.models import Post
from moderation.actions.threads import archive_thread
from profiles.models import Delivery, Notification
from profiles.registries import export_files

SECRET = "zqsecret-4711"


@pytest.fixture
def edited(bob, reply):
    """Bob's reply held a secret in its first version."""
    post = edit_post(bob, reply, body=f"Check the filter with key {SECRET}, please.")
    return edit_post(bob, post, body="Check the filter with your key, please.")


def _page(browser, post):
    return browser.get(f"/questions/post/{post.pk}/history/").content.decode()


def _redact(browser, post, number, **form):
    return browser.post(
        f"/questions/post/{post.pk}/history/{number}/redact/", form, follow=True
    ).content.decode()


def test_history_shows_names_and_what_each_edit_changed(as_, alice, bob, reply):
    edit_post(bob, reply, body=f"Check the new filter, @{alice.handle}.", reason="clearer")
    page = _page(as_(None), reply)
    assert f"@{alice.handle}" in page and "@{" not in page and "clearer" in page
    assert "[added: new ]" in [one.text() for one in LexborHTMLParser(page).css("pre ins")]
    edit_post(bob, Post.objects.get(pk=reply.pk), body="<b>&")
    page = _page(as_(None), reply)
    assert "&lt;b&gt;&amp;" in page and LexborHTMLParser(page).css("pre del")


def test_ten_more_versions_cost_no_more_queries(as_, bob, reply, alice):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            _page(as_(None), reply)
        return len(seen)

    for number in range(3):
        edit_post(bob, Post.objects.get(pk=reply.pk), body=f"Version {number}, @{alice.handle}.")
    few = cost()
    for number in range(20):
        edit_post(bob, Post.objects.get(pk=reply.pk), body=f"Another {number}, @{alice.handle}.")
    assert cost() == few
    browser = as_(None)
    seen = "".join(
        browser.get(f"/questions/post/{reply.pk}/history/?page={page}").content.decode() for page in (1, 2, 3)
    )
    assert [f'id="version-{number}"' in seen for number in range(1, 25)] == [True] * 24


@pytest.mark.parametrize("who", ["bob", "mo"])
def test_removed_text_is_nowhere_any_more(as_, request, alice, bob, mo, edited, who):
    actor = request.getfixturevalue(who)
    assert SECRET in _page(as_(None), edited)
    page = _redact(as_(actor), edited, 2, reason="Contains a key")
    assert "Text of version 2 removed." in page and "The text of this version was removed." in page
    rows = as_(None).get(f"/api/v1/posts/{edited.pk}/revisions/").json()["results"]
    assert [(row["redacted"], row["body"]) for row in rows] == [(False, "Check the filter."), (True, "")]
    for path in (
        f"/questions/post/{edited.pk}/history/", edited.get_absolute_url(), f"/search/?q={SECRET}", "/moderation/log/",
        f"/admin/forums/post/{edited.pk}/change/", f"/api/v1/search/?q={SECRET}", "/community/notifications/",
    ):  # fmt: skip
        found = as_(mo).get(path).content.decode().replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
        assert f"key {SECRET}" not in found, path
    entry = LogEntry.objects.get(action="post.redacted")
    assert (entry.actor_id, entry.target, entry.before) == (actor.pk, f"post:{edited.pk}", {"revision": [2]})
    assert SECRET not in json.dumps(list(LogDetail.objects.values("title", "reason", "before", "after")))
    assert _database_holds(SECRET) == []
    assert list(broken_entries()) == []


def _database_holds(word):
    """Return the columns of any table in which `word` stands."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY', 'tsvector')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"])
            found += [f"{table}.{column}"] if cursor.fetchone() else []
    return found


def test_removed_subject_is_nowhere_any_more(as_, alice, bob, mo, topic, reply, thread):
    thread = edit_thread(mo, thread, subject=f"Key {SECRET} fails", tags=["csv"], reason="As reported")
    archive_thread(mo, thread)
    assert (
        Notification.objects.filter(title__contains=SECRET).exists()
        and Delivery.objects.filter(title__contains=SECRET).exists()
    )
    thread = edit_thread(mo, thread, subject="Key fails", reason="A key was named")
    post = thread.posts.get(number=1)
    _redact(as_(mo), post, 2, reason="Key")
    assert _database_holds(SECRET) == []
    assert list(broken_entries()) == []
    assert as_(None).get(thread.get_absolute_url()).status_code == 200


def test_api_removes_a_version(as_, bob, mo, charlie, edited):
    path = f"/api/v1/posts/{edited.pk}/revisions/2/"
    assert as_(charlie).delete(path).status_code == 403
    assert as_(mo).delete(path).json() == {
        "reason": ["Add a reason: everyone can read it in the edit history."]
    }
    assert as_(mo).delete(f"{path}?reason=Key").status_code == 204
    assert as_(bob).delete(path).status_code == 204
    assert as_(bob).delete(f"/api/v1/posts/{edited.pk}/revisions/{10**17}/").status_code == 404


def test_admin_removes_all_earlier_versions(as_, mo, edited):
    chosen = {"action": "redact", "_selected_action": [edited.pk], "confirm": "yes", "reason": "Key"}
    as_(mo).post("/admin/forums/post/", chosen)
    assert list(edited.revisions.values_list("body", flat=True)) == ["", ""]


def test_stranger_or_author_of_a_closed_thread_removes_nothing(as_, bob, mo, charlie, edited, thread):
    for browser in (as_(charlie), as_(None)):
        browser.post(f"/questions/post/{edited.pk}/history/2/redact/")
    assert "Remove this version" not in _page(as_(charlie), edited)
    assert "Add a reason" in _redact(as_(mo), edited, 2)
    archive_thread(mo, thread)
    assert "closed" in _redact(as_(bob), edited, 2)
    assert SECRET in edited.revisions.get(number=2).body


def test_removed_version_cannot_be_brought_back_by_undo(as_, mo, bob, reply):
    post = edit_post(bob, reply, body=f"Use {SECRET}.")
    edit_post(mo, post, body="Use your key.", reason="Key")
    entry = LogEntry.objects.get(action="post.edited")
    _redact(as_(bob), post, 2)
    page = as_(mo).post(f"/moderation/log/undo/?entries={entry.pk}", follow=True).content.decode()
    assert "can no longer be undone" in page


def test_data_download_holds_no_removed_text(bob, edited):
    redact_revision(bob, edited, 2)
    assert SECRET not in repr(list(export_files(bob)))


def _rebuilt(parts, kind):
    return "".join(part.text for part in parts if part.kind in (SAME, kind))


def test_diff_holds_both_texts_whatever_they_are():
    chance = Random(4)
    for _round in range(500):
        old, new = (
            "".join(chance.choice("ab  .\né你") for _ in range(chance.randrange(60))) for _ in range(2)
        )
        parts = diff(old, new)
        assert (_rebuilt(parts, REMOVED), _rebuilt(parts, ADDED)) == (old, new)


def test_diff_marks_words():
    assert diff("Check the filter, please.", "Check the big filters, please.") == [
        Part(SAME, "Check the "), Part(REMOVED, "filter"), Part(ADDED, "big filters"), Part(SAME, ", please."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 7500, "b a a " * 5000),
        ("a\nb\n" * 7500, "b\na\n" * 7500),
        ("." * 30_000, "." * 15_000 + "," + "." * 14_999),
    ],
)
def test_diff_of_hostile_texts_takes_bounded_steps(old, new):
    class Counted(str):
        looks = 0
        __hash__ = str.__hash__

        def __eq__(self, other):
            Counted.looks += 1
            return str.__eq__(self, other)

        def __ne__(self, other):
            Counted.looks += 1
            return str.__ne__(self, other)

    words = re.compile(r"\w+|\s+|.", re.DOTALL)
    parts = diff_tokens(*([Counted(token) for token in words.findall(text)] for text in (old, new)))
    assert (_rebuilt(parts, REMOVED), _rebuilt(parts, ADDED)) == (old, new)
    assert Counted.looks < 2 * STEPS
