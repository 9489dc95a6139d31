"""Docs rules and moved pages in Django admin."""

from __future__ import annotations

import pytest

from community.audit.models import LogEntry
from forums.actions.threads import ask
from forums.models import DocsRule, PageMove

OLD, NEW = "https://docs.example.com/install", "https://docs.example.com/guide/install"


@pytest.fixture
def rules(topic, board):
    DocsRule.objects.create(prefix="/docs", topic=board)
    DocsRule.objects.create(
        prefix="/docs/install", topic=topic, edit_template="https://git.example.com/{path}.md"
    )


def test_a_moderator_asks_why_this_topic(as_, mo, rules):
    page = as_(mo).get("/admin/forums/docsrule/why/", {"page": "/docs/install/linux"}).content.decode()
    assert "Exports" in page
    assert "The path starts with /docs/install." in page
    assert "https://git.example.com/docs/install/linux.md" in page
    assert (
        "begins with https://"
        in as_(mo).get("/admin/forums/docsrule/why/", {"page": "javascript:alert(1)"}).content.decode()
    )


def test_others_do_not(as_, bob, cleo, rules):
    assert [as_(one).get("/admin/forums/docsrule/why/").status_code for one in (None, bob, cleo)] == [
        302,
        302,
        302,
    ]


def test_a_moderator_makes_a_rule(as_, mo, topic):
    answer = as_(mo).post(
        "/admin/forums/docsrule/add/", {"prefix": "/api/", "section": "", "topic": topic.pk, "listed": "on"}
    )
    assert answer.status_code == 302, answer.content
    assert DocsRule.objects.get().prefix == "/api"
    assert LogEntry.objects.filter(action="docsrule.made", actor_id=mo.pk).exists()
    again = as_(mo).post("/admin/forums/docsrule/add/", {"prefix": "/api", "section": "", "topic": topic.pk})
    assert again.status_code == 200
    assert DocsRule.objects.count() == 1
    own = {"host": "SDK.example.com", "prefix": "/api", "section": "", "topic": topic.pk}
    assert as_(mo).post("/admin/forums/docsrule/add/", own).status_code == 302
    page = (
        as_(mo)
        .get("/admin/forums/docsrule/why/", {"page": "https://sdk.example.com/api/v2"})
        .content.decode()
    )
    assert "The path starts with /api on sdk.example.com." in page


def test_a_page_that_moves_takes_its_questions(as_, mo, alice, topic):
    thread = ask(alice, topic=topic, subject="Where now?", body="Moved?", docs_page=OLD)
    browser = as_(mo)
    assert (
        browser.post("/admin/forums/pagemove/add/", {"old_url": OLD + "/", "new_url": NEW}).status_code == 302
    )
    thread.refresh_from_db()
    assert thread.docs_page == NEW
    assert (
        browser.post("/admin/forums/pagemove/add/", {"old_url": OLD, "new_url": NEW + "/linux"}).status_code
        == 302
    )
    assert PageMove.objects.get(old_url=OLD).new_url == NEW + "/linux"


@pytest.mark.parametrize(
    "fields",
    [
        {"old_url": "x", "new_url": NEW},
        {"old_url": OLD, "new_url": OLD},
        {},
        {"old_url": OLD, "new_url": "\x00"},
    ],
)
def test_a_move_that_is_none_is_refused(as_, mo, fields):
    answer = as_(mo).post("/admin/forums/pagemove/add/", fields, follow=True)
    assert answer.status_code == 200
    assert PageMove.objects.count() == 0


def test_the_lists_open(as_, mo, rules):
    PageMove.objects.create(old_url=OLD, new_url=NEW)
    for path in (
        "resolution/",
        "resolution/?q=5",
        "resolution/?q=x",
        "docsrule/",
        "docsrule/?q=doc",
        "pagemove/",
        "pagemove/?q=install",
        "docsrule/why/",
    ):
        assert as_(mo).get(f"/admin/forums/{path}").status_code == 200
