"""Reports, sanctions and appeals in Django admin: read there, decided in bulk, by those who may."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from moderation.actions.appeals import appeal
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.report_targets import find_target


@pytest.fixture
def report(charlie, reply):
    return file_report(
        charlie, find_target("post", reply.pk, charlie), reason="kind", note="Not kind."
    ).report


def bulk(browser, table, row, action):
    data = {ACTION_CHECKBOX_NAME: [row.pk], "action": action, "confirm": "yes", "reason": "We looked at it."}
    return browser.post(f"/admin/moderation/{table}/", data, follow=True)


def test_a_moderator_hides_from_the_list_and_never_learns_who_reported(as_, mo, charlie, report, reply):
    page = as_(mo).get(f"/admin/moderation/report/{report.pk}/change/").content.decode()
    assert "Not kind." in page and charlie.name not in page
    bulk(as_(mo), "report", report, "hide")
    reply.refresh_from_db()
    assert reply.hidden_by == mo
    assert as_(mo).get("/admin/moderation/reporter/").status_code == 404


def test_appeals_and_sanctions_are_decided_by_those_who_may(as_, mo, tess, bob):
    given = sanction(mo, bob, NewSanction(kind="correction", rule="kind", explanation="No."))
    written = appeal(given, text="It was a joke.")
    bulk(as_(mo), "appeal", written, "accept")
    written.refresh_from_db()
    assert written.decided_at is None
    bulk(as_(tess), "appeal", written, "accept")
    given.refresh_from_db()
    assert given.lifted_by == tess


def test_nobody_reads_what_is_about_themselves(as_, mo, root, alice):
    report = file_report(alice, find_target("profile", root.pk, alice), reason="kind").report
    assert as_(mo).get(f"/admin/moderation/report/{report.pk}/change/").status_code == 200
    assert (
        as_(root).get(f"/admin/moderation/report/{report.pk}/change/", follow=True).request["PATH_INFO"]
        == "/admin/"
    )
    bulk(as_(root), "report", report, "dismiss")
    report.refresh_from_db()
    assert report.decided_at is None


def test_nothing_is_typed_over(as_, root, report):
    assert (
        as_(root).post(f"/admin/moderation/report/{report.pk}/change/", {"title": "Other"}).status_code == 403
    )
    assert as_(root).get("/admin/moderation/report/add/").status_code == 403
