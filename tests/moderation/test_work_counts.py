"""How much work waits stands beside “Moderation” for moderators, for one statement a page, and for nobody else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forums.actions.posts import post_reply
from forums.models import Topic
from moderation.actions.appeals import appeal
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.queries.waiting import work_for
from moderation.report_targets import find_target


def work_queries(browser, path="/questions/") -> int:
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        browser.get(path)
    return sum("moderation_case" in one["sql"] for one in seen)


@pytest.fixture
def busy(report, mo, tess, alice, bob, charlie, topic, thread):
    file_report(alice, find_target("profile", mo.pk, alice), reason="kind")
    appeal(sanction(mo, bob, NewSanction("correction", "kind", "You went after her.")), text="No.")
    Topic.objects.filter(pk=topic.pk).update(review_replies=True)
    thread.refresh_from_db()
    post_reply(charlie, thread, body="One.")


def test_counts_are_what_the_moderator_can_decide(busy, mo, tess):
    assert dict(work_for(mo)) == {"reports": 1, "appeals": 0, "review": 1, "all": 2}
    assert dict(work_for(tess)) == {"reports": 2, "appeals": 1, "review": 1, "all": 4}


def test_the_menu_and_the_tabs_say_how_much_waits(busy, as_, tess, charlie):
    assert "4 moderation tasks" in as_(tess).get("/questions/").content.decode()
    tabs = as_(tess).get("/moderation/reports/").content.decode()
    for path in ("directory", "counts", "reports", "appeals", "review"):
        assert f'href="/moderation/{path}/"' in tabs
    assert "moderation task" not in as_(charlie).get("/questions/").content.decode()


def test_counts_cost_moderators_one_statement_and_others_none(busy, as_, tess, charlie, cleo, client):
    assert work_queries(as_(tess)) == 1
    assert work_queries(as_(tess), "/moderation/directory/") == 1
    assert [work_queries(browser) for browser in (as_(charlie), as_(cleo), client)] == [0, 0, 0]


def test_directory_and_counts_are_tabs_of_moderation(as_, mo, client):
    for path in ("/moderation/directory/", "/moderation/counts/"):
        assert f'href="{path}" aria-current="page"' in as_(mo).get(path).content.decode()
    assert "tabs__tab" not in client.get("/moderation/counts/").content.decode()
