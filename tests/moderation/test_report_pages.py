"""The form for reports, and the queue with its decisions, in the browser."""

from __future__ import annotations

import pytest
from django.test import Client

from moderation.actions.reports import file_report
from moderation.models import Complaint, Report, Reporter, RevealRequest, Sanction
from moderation.report_targets import find_target


@pytest.fixture
def send(reply):
    def post(browser, kind="post", pk=None, **fields):
        return browser.post(
            f"/moderation/report/{kind}/{pk or reply.pk}/", {"reason": "kind", **fields}, follow=True
        )

    return post


def test_a_member_reports_a_reply(as_, charlie, reply, send):
    page = send(as_(charlie), note="Look at that.")
    assert page.redirect_chain[-1][0].endswith(f"#{reply.anchor}")
    assert "Report sent." in page.content.decode()
    assert Reporter.objects.get().profile == charlie


def test_a_guest_reports_a_thread_and_a_profile(thread, alice, client, send):
    assert send(client, "thread", thread.pk, email="guest@example.com").status_code == 200
    assert send(client, "profile", alice.pk).status_code == 200
    assert list(Reporter.objects.order_by("pk").values_list("profile", "email")) == [
        (None, "guest@example.com"),
        (None, ""),
    ]
    assert set(Report.objects.values_list("source_key", flat=True)) == {
        f"thread:{thread.pk}",
        f"profile:{alice.pk}",
    }


def test_a_program_that_fills_in_the_trap_reports_nothing(client, send):
    assert send(client, website="https://x.example").status_code == 200
    assert not Complaint.objects.exists()


def test_what_makes_no_sense_is_said_beside_the_field(client, send, thread):
    page = send(client, reason="boredom", email="nobody")
    assert page.status_code == 400
    assert "Choose a rule." in page.content.decode()
    assert send(client, "thread", 10**15).status_code == 404
    assert send(client, "planet", 1).status_code == 404


def test_the_pages_of_posts_and_profiles_lead_to_the_form(client, alice, thread, reply, as_):
    assert f"/moderation/report/post/{reply.pk}/" in client.get(thread.get_absolute_url()).content.decode()
    assert f"/moderation/report/profile/{alice.pk}/" in client.get(alice.get_absolute_url()).content.decode()
    assert (
        f"/moderation/report/profile/{alice.pk}/"
        not in as_(alice).get(alice.get_absolute_url()).content.decode()
    )


def test_a_moderator_claims_reads_and_decides_without_learning_who_reported(
    as_, mo, alice, charlie, report, reply
):
    file_report(
        charlie, find_target("post", reply.pk, charlie), reason="kind", note="Again.", address="192.0.2.9"
    )
    browser = as_(mo)
    assert report.title in browser.get("/moderation/reports/").content.decode()
    browser.post(f"/moderation/reports/{report.pk}/claim/", {"do": "claim"})
    page = browser.get(report.get_absolute_url()).content.decode()
    assert "Release" in page and "Not kind." in page and "Kept private" in page
    assert alice.name not in page.partition("2 reporters")[2].partition("Close without")[0]
    assert charlie.name not in page and "192.0.2" not in page
    browser.post(f"/moderation/reports/{report.pk}/decide/", {"do": "hide", "reason": "Goes after a person."})
    reply.refresh_from_db()
    assert reply.hidden_by == mo
    assert "Goes after a person." in browser.get(report.get_absolute_url()).content.decode()


def test_many_are_decided_in_one_go(as_, mo, alice, charlie, report, thread):
    other = file_report(charlie, find_target("thread", thread.pk, charlie), reason="spam").report
    page = as_(mo).post(
        "/moderation/reports/decide/",
        {"ids": [report.pk, other.pk], "do": "dismiss", "reason": "Fine."},
        follow=True,
    )
    assert "Dismiss report: 2 done." in page.content.decode()
    page = as_(mo).post(
        "/moderation/reports/decide/", {"ids": ["x"], "do": "dismiss", "reason": "Fine."}, follow=True
    )
    assert "Select something first." in page.content.decode()
    assert as_(mo).post("/moderation/reports/decide/", {"ids": [report.pk], "do": "burn"}).status_code == 403


def test_the_seal_opens_from_the_page_with_two(as_, mo, tess, report, alice):
    as_(mo).post(
        f"/moderation/reports/{report.pk}/seal/", {"do": "request-names", "reason": "Is it one person?"}
    )
    assert "Is it one person?" in as_(tess).get(report.get_absolute_url()).content.decode()
    as_(tess).post(f"/moderation/reports/{report.pk}/seal/", {"do": "show-names"})
    assert RevealRequest.objects.get().opened_by == tess
    assert alice.get_absolute_url() in as_(mo).get(report.get_absolute_url()).content.decode()


def test_a_step_is_previewed_then_sent_and_decides_the_report(as_, mo, bob, alice, report, reply):
    path = f"/moderation/sanctions/new/{bob.pk}/?report={report.pk}"
    asked = {
        "kind": "warning",
        "rule": "kind",
        "explanation": "You went after her.",
        "apart": f"@{alice.handle}",
        "evidence": "/a/",
        "skip_reason": "It was a threat.",
    }
    page = as_(mo).post(path, asked).content.decode()
    assert "You went after her." in page and "no-contact order" in page and "It was a threat." in page
    assert not Sanction.objects.exists()
    as_(mo).post(path, {**asked, "send": "1"})
    given = Sanction.objects.get()
    report.refresh_from_db()
    assert (given.profile, given.report, report.outcome, given.evidence.get().url) == (
        bob,
        report,
        "sanctioned",
        "/a/",
    )
    assert as_(mo).get(given.get_absolute_url()).status_code == 200
    as_(mo).post(f"/moderation/sanctions/{given.pk}/lift/", {"do": "lift", "reason": "A mistake."})
    given.refresh_from_db()
    assert given.lifted_by == mo


def test_a_step_that_makes_no_sense_keeps_what_was_written(as_, mo, bob):
    fields = {
        "kind": "correction",
        "rule": "kind",
        "explanation": "Words <b>kept</b>",
        "apart": "@nobody.there",
        "days": "-4",
    }
    page = as_(mo).post(f"/moderation/sanctions/new/{bob.pk}/", {**fields, "send": "1"})
    assert page.status_code == 400
    assert (
        "Words &lt;b&gt;kept&lt;/b&gt;" in page.content.decode() and "@nobody.there" in page.content.decode()
    )
    assert not Sanction.objects.exists()


def test_nobody_opens_the_ladder_for_those_above_or_themselves_nor_their_own_case(as_, mo, root, alice):
    assert as_(mo).get(f"/moderation/sanctions/new/{root.pk}/").status_code == 403
    assert as_(mo).get(f"/moderation/sanctions/new/{mo.pk}/").status_code == 403
    own = file_report(alice, find_target("profile", mo.pk, alice), reason="kind").report
    assert as_(mo).get(own.get_absolute_url()).status_code == 404
    assert own.title not in as_(mo).get("/moderation/reports/").content.decode()


def test_the_form_against_forgery_holds(charlie, reply):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(charlie.user)
    assert browser.post(f"/moderation/report/post/{reply.pk}/", {"reason": "kind"}).status_code == 403
