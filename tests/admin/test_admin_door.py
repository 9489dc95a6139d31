"""Who enters Django admin, what they find there, and that it goes through the actions."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.audit.models import LogEntry
from community.pages.models import Page
from forums.actions.threads import ask
from forums.models import Tag, Thread

MODERATED = [
    "forums/tag",
    "forums/thread",
    "forums/post",
    "forums/topic",
    "forums/upload",
    "profiles/profile",
    "profiles/team",
    "pages/page",
    "audit/logentry",
]
ADMINS_ONLY = ["profiles/user", "profiles/apikey"]


def _bulk(browser, thread, action, **fields):
    data = {
        ACTION_CHECKBOX_NAME: [thread.pk],
        "action": action,
        "confirm": "yes",
        "reason": "out of date",
        **fields,
    }
    return browser.post("/admin/forums/thread/", data, follow=True)


def test_the_admin_signs_in_through_the_one_door(as_):
    answer = as_(None).get("/admin/")
    assert answer.status_code == 302
    assert "/accounts/login/" in as_(None).get(answer["Location"])["Location"]


@pytest.mark.parametrize("role", ["bob", "cleo"])
def test_members_and_champions_do_not_enter(role, request, as_):
    browser = as_(request.getfixturevalue(role))
    assert browser.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("path", MODERATED)
def test_a_moderator_finds_what_the_role_allows(path, mo, thread, reply, as_):
    assert as_(mo).get(f"/admin/{path}/").status_code == 200


@pytest.mark.parametrize("path", ADMINS_ONLY)
def test_accounts_and_keys_are_for_admins(path, mo, root, as_):
    assert as_(mo).get(f"/admin/{path}/").status_code == 403
    assert as_(root).get(f"/admin/{path}/").status_code == 200


def test_a_moderator_archives_and_unarchives_in_bulk_with_a_reason(mo, thread, topic, as_):
    browser = as_(mo)
    asked = browser.post("/admin/forums/thread/", {ACTION_CHECKBOX_NAME: [thread.pk], "action": "archive"})
    assert b"out of date" not in asked.content
    assert Thread.objects.get().archived_at is None
    _bulk(browser, thread, "archive")
    assert Thread.objects.get().archived_at is not None
    assert thread.subject not in as_(None).get("/questions/").content.decode()
    assert LogEntry.objects.filter(
        action="thread.archived", target=f"thread:{thread.pk}", actor_id=mo.pk
    ).exists()
    _bulk(browser, thread, "unarchive")
    assert Thread.objects.get().archived_at is None


def test_a_moderator_moves_threads_in_bulk(mo, thread, board, as_):
    _bulk(as_(mo), thread, "move", topic=board.slug)
    assert Thread.objects.get().topic == board


def test_threads_and_posts_cannot_be_deleted_or_typed_over_in_admin(root, thread, reply, as_):
    browser = as_(root)
    assert browser.post(f"/admin/forums/thread/{thread.pk}/delete/", {"post": "yes"}).status_code == 403
    browser.post(f"/admin/forums/thread/{thread.pk}/change/", {"subject": "Overwritten"})
    assert Thread.objects.get().subject == thread.subject


def test_a_tag_is_renamed_merged_and_deleted_and_old_names_lead_on(mo, alice, topic, thread, as_):
    browser, tag = as_(mo), Tag.objects.get(name="csv")
    inlines = {"aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}
    browser.post(f"/admin/forums/tag/{tag.pk}/change/", {"name": "comma-files", "description": "", **inlines})
    assert as_(None).get("/questions/?tag=csv")["Location"] == "/questions/?tag=comma-files"
    other = ask(alice, topic=topic, subject="Another one?", body="Yes.", tags=["tsv"])
    browser.post(
        f"/admin/forums/tag/{Tag.objects.get(name='tsv').pk}/change/",
        {"name": "tsv", "description": "", "into": tag.pk, **inlines},
    )
    other.refresh_from_db()
    assert other.tag_names == ["comma-files"]
    browser.post(f"/admin/forums/tag/{tag.pk}/delete/", {"post": "yes"})
    other.refresh_from_db()
    assert (other.tag_names, Tag.objects.count()) == ([], 0)


def test_a_page_is_edited_with_history(mo, as_):
    page = Page.objects.get(slug="points")
    inlines = {"revisions-TOTAL_FORMS": 0, "revisions-INITIAL_FORMS": 0}
    before = page.revisions.count()
    as_(mo).post(
        f"/admin/pages/page/{page.pk}/change/",
        {"title": "Points", "slug": "points", "body": "**New** words.", **inlines},
    )
    page.refresh_from_db()
    assert "<strong>New</strong>" in page.body_html
    assert page.revisions.count() == before + 1


@pytest.mark.parametrize("path", ["forums/thread", "forums/post", "profiles/profile", "forums/topic"])
def test_admin_lists_cost_the_same_with_more_rows(path, mo, alice, bob, cleo, topic, thread, as_):
    browser = as_(mo)
    counts = []
    for _round in range(3):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/admin/{path}/").status_code == 200
        counts.append(len(captured))
        for number in range(10):
            ask((alice, bob, cleo)[number % 3], topic=topic, subject=f"More {len(counts)} {number}", body="x")
    assert counts[2] <= counts[1]


def test_without_a_second_factor_privileged_pages_lead_to_enrolling(mo, settings, as_):
    settings.SECOND_FACTOR_REQUIRED = True
    answer = as_(mo).get("/admin/", follow=True)
    assert "/accounts/2fa/" in answer.redirect_chain[-1][0]
