"""The log as moderators read it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.audit import record
from forums.actions.posts import post_reply
from moderation.actions.merging import merge_thread
from moderation.actions.posts import hide_post
from moderation.actions.threads import archive_thread, hide_thread, lock_thread, unarchive_thread
from moderation.queries.log import PAGE

UNDO_FORMS = re.compile(r'action="(/moderation/log/undo/\?entries=\d+)"')


@pytest.fixture
def read(as_, mo):
    browser = as_(mo)
    return lambda query="": browser.get(f"/moderation/log/{query}").content.decode()


def test_it_says_who_did_what_to_what_and_why(read, cleo, thread):
    archive_thread(cleo, thread, reason="Answered in the docs")
    page = read()
    for part in (
        "Cleo Example",
        " archived ",
        thread.subject,
        "Answered in the docs",
        f"/questions/{thread.pk}/",
        "<dt>Archived</dt>",
    ):
        assert part in page


def test_it_is_for_moderators(as_, bob, cleo, mo, root):
    assert [as_(one).get("/moderation/log/").status_code for one in (None, bob, cleo, mo, root)] == [
        302,
        403,
        403,
        200,
        200,
    ]


def test_undo_stands_where_it_still_can_be_undone(read, mo, as_, thread, reply):
    archive_thread(mo, thread)
    hide_post(mo, reply)
    offered = list(UNDO_FORMS.findall(read()))
    assert len(offered) == 2
    for path in offered:
        assert as_(mo).post(path).status_code == 302
    thread.refresh_from_db()
    reply.refresh_from_db()
    assert thread.archived_at is None and reply.hidden_at is None
    assert not set(offered) & set(UNDO_FORMS.findall(read()))


def test_each_filter_narrows_it(read, mo, cleo, thread, reply):
    archive_thread(cleo, thread)
    unarchive_thread(mo, thread)
    lock_thread(mo, thread)
    count = lambda query: read(query).count('id="entry-')  # noqa: E731
    assert count("") >= 3
    assert [count("?actor=@" + cleo.handle), count(f"?actor={cleo.pk}"), count("?actor=cleo example")] == [
        1,
        1,
        1,
    ]
    assert count("?action=thread.locked") == 1
    assert count(f"?target=thread:{thread.pk}&actor={mo.pk}") == 2
    today = timezone.now().date()
    assert count(f"?since={today}&until={today}&action=thread.locked") == 1
    assert count(f"?since={today + timedelta(days=1)}") == 0
    for odd in (
        "?since=never",
        "?since=0001-01-01",
        "?actor=%00",
        "?before=x",
        "?before=99999999999999999999",
        "?target=%00",
        "?action=nothing",
    ):
        assert "500" not in read(odd)[:15]


def test_selected_entries_are_undone_together_newest_first(as_, mo, thread, reply):
    archive_thread(mo, thread)
    hide_post(mo, reply)
    lock_thread(mo, thread)
    browser = as_(mo)
    ids = re.findall(r'name="ids" value="(\d+)"', browser.get("/moderation/log/").content.decode())
    assert len(ids) == 3
    answer = browser.post("/moderation/log/undo/", {"ids": ids, "next": "/moderation/log/?action=x"})
    assert answer["Location"] == "/moderation/log/?action=x"
    thread.refresh_from_db()
    reply.refresh_from_db()
    assert (thread.archived_at, thread.locked_at, reply.hidden_at) == (None, None, None)


def test_entries_stand_under_their_day(read, mo, thread):
    archive_thread(mo, thread)
    page = read()
    assert page.count('class="day"') == 1 and "Today" in page


def test_it_is_paged(read, mo, thread):
    for number in range(PAGE + 3):
        record("thread.locked", actor_id=mo.pk, target=f"thread:{thread.pk}", reason=f"Number {number}")
    first = read(f"?target=thread:{thread.pk}&action=thread.locked")
    assert first.count('id="entry-') == PAGE
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert read(older).count('id="entry-') == 3


def test_ten_more_entries_cost_no_more_queries(read, mo, bob, thread, reply, topic):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            read()
        return len(seen)

    archive_thread(mo, thread)
    hide_post(mo, reply)
    queries()
    few = queries()
    unarchive_thread(mo, thread)
    for number in range(10):
        hide_post(mo, post_reply(bob, thread, body=f"Reply {number}"))
    assert queries() <= few + 1  # one more action in the menu of actions


def test_words_in_it_are_never_markup(read, mo, thread, alice, topic):
    for hostile in (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "{{7*7}}",
        "\x00\u202e</q>",
    ):
        hide_thread(mo, thread, reason=hostile)
        from moderation.actions.threads import show_thread

        show_thread(mo, thread, reason=hostile)
    page = read()
    assert "<script>alert" not in page and "<img src=x" not in page and "{{7*7}}" in page


def test_a_merge_can_be_undone_from_it(read, mo, as_, thread, alice, topic):
    from forums.actions.threads import ask

    other = ask(alice, topic=topic, subject="The same again", body="Empty export.")
    merge_thread(mo, other, into=thread, reason="Same")
    as_(mo).post(UNDO_FORMS.findall(read())[0])
    other.refresh_from_db()
    assert other.merged_into_id is None
