"""Selecting several threads in a list: only for those who may, with one undo for all."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forums.actions.threads import ask
from forums.models import Thread

UNDO = re.compile(r'action="(/moderation/log/undo/\?entries=[\d,]+)"')
LISTS = ("/questions/", "/questions/topic/exports/", "/search/?q=quokka")


@pytest.fixture
def many(alice, topic):
    return [ask(alice, topic=topic, subject=f"Quokka {number}", body="Is it one?") for number in range(4)]


@pytest.mark.parametrize("path", LISTS)
def test_selection_is_offered_to_champions_and_moderators_only(as_, bob, cleo, mo, many, path):
    for who, offered in ((None, False), (bob, False), (cleo, True), (mo, True)):
        page = as_(who).get(path).content.decode()
        assert ('name="ids"' in page, "hearth-selection" in page, "dock.css" in page) == (offered,) * 3
        assert ('value="delete"' in page) == (who is mo)


def test_selected_threads_are_archived_and_undone_together(as_, cleo, many):
    browser, ids = as_(cleo), [one.pk for one in many[:3]]
    form = {"do": "archive", "ids": ids, "reason": "Tidy", "next": "/questions/?sort=latest"}
    answer = browser.post("/moderation/threads/", form, follow=True)
    assert answer.redirect_chain == [("/questions/?sort=latest", 302)]
    assert Thread.objects.filter(archived_at__isnull=False).count() == 3
    browser.post(UNDO.search(answer.content.decode())[1])
    assert not Thread.objects.filter(archived_at__isnull=False).exists()


def test_a_field_of_the_bar_belongs_to_its_verb(as_, mo, many, board):
    form = {
        "do": "move",
        "ids": [one.pk for one in many],
        "move-topic": board.slug,
        "retag-tags": "csv",
        "merge-into": "",
    }
    as_(mo).post("/moderation/threads/", form)
    assert Thread.objects.filter(topic=board, tag_names=[]).count() == 4


def test_delete_of_many_asks_first_and_says_how_many(as_, mo, many):
    browser, form = as_(mo), {"do": "delete", "ids": [one.pk for one in many], "next": "/questions/"}
    page = browser.post("/moderation/threads/", form).content.decode()
    assert "4 threads are selected" in page and page.count('name="ids"') == 4 and many[3].subject in page
    browser.post("/moderation/threads/", {**form, "confirmed": "yes"})
    assert Thread.objects.filter(deleted_at__isnull=False).count() == 4


def test_ten_more_rows_cost_no_more_queries(as_, mo, alice, topic, many):
    browser = as_(mo)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            browser.get("/questions/")
        return len(seen)

    queries()
    few = queries()
    for number in range(10):
        ask(alice, topic=topic, subject=f"Wombat {number}", body="Is it one?")
    assert queries() == few
