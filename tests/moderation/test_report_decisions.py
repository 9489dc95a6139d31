"""The queue: claims, decisions, and the seal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from community.audit.models import LogEntry
from community.lib.errors import Conflict
from moderation.actions.decisions import (
    claim_report,
    decide_report,
    release_report,
    request_reveal,
    reveal_reporters,
    revealed_reporters,
)
from moderation.actions.posts import hide_post
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.models import Report
from moderation.report_targets import find_target
from moderation.report_verbs import REPORT
from profiles.mail.deliveries import send_due
from tests.mail.conftest import later


def about(who, profile, reason="kind"):
    return file_report(who, find_target("profile", profile.pk, who), reason=reason).report


def test_one_moderator_works_on_a_case_at_a_time(report, mo, tess):
    claim_report(mo, report)
    with pytest.raises(Conflict):
        claim_report(tess, report)
    assert claim_report(mo, report).claimed_by == mo
    release_report(mo, report)
    assert claim_report(tess, report).claimed_by == tess
    Report.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert claim_report(mo, report).claimed_by == mo


def test_members_and_champions_have_no_part_in_it(report, cleo, charlie):
    for who in (cleo, charlie, None):
        with pytest.raises(PermissionDenied):
            claim_report(who, report)
        with pytest.raises(PermissionDenied):
            decide_report(who, report, outcome="kept", reason="Fine.")
    assert not Report.objects.visible_to(cleo).exists()


def test_hiding_from_the_queue_hides_the_post_and_tells_both_sides_without_naming_the_reporter(
    report, mo, alice, reply, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        decide_report(mo, report, outcome="hidden", reason="It goes after a person.")
    reply.refresh_from_db()
    assert reply.hidden_by == mo
    later()
    send_due()
    letters = {mail.to[0]: mail.body for mail in mailoutbox}
    assert set(letters) == {"alice@example.com", "bob@example.com"}
    assert "It goes after a person." in letters["bob@example.com"] and "Be kind" in letters["bob@example.com"]
    assert "Alice" not in letters["bob@example.com"] and "alice" not in letters["bob@example.com"]
    assert "so we hid it" in letters["alice@example.com"]


def test_letters_go_out_once_however_often_the_task_runs(report, mo, mailoutbox):
    from moderation.tasks import notify_report_decided, sweep_moderation

    decide_report(mo, report, outcome="kept", reason="Fair enough.")
    for work in (
        sweep_moderation,
        send_due,
        lambda: notify_report_decided(report.pk),
        send_due,
        sweep_moderation,
        send_due,
    ):
        work()
    assert [mail.to for mail in mailoutbox if "report" in mail.subject] == [["alice@example.com"]]


def test_keeping_shows_what_the_reports_hid_and_nothing_a_moderator_hid(regular, mo, tess, reply):
    def reported_by(*names):
        for place, name in enumerate(names):
            file_report(
                regular(name), find_target("post", reply.pk, mo), reason="kind", address=f"192.0.2.{place}"
            )
        return Report.objects.get(decided_at=None)

    report = reported_by("rose", "ruth", "rita")
    decide_report(mo, report, outcome="kept", reason="Blunt, but fair.")
    reply.refresh_from_db()
    assert reply.hidden_at is None
    hide_post(tess, reply)
    decide_report(mo, reported_by("remo"), outcome="kept", reason="Blunt, but fair.")
    reply.refresh_from_db()
    assert reply.hidden_by == tess


def test_a_decided_case_stays_decided_and_a_new_report_opens_a_new_one(report, mo, tess, charlie, reply):
    decide_report(mo, report, outcome="kept", reason="Fair.")
    with pytest.raises(Conflict):
        decide_report(tess, report, outcome="hidden", reason="No.")
    assert file_report(charlie, find_target("post", reply.pk, charlie), reason="kind").report.pk != report.pk


def test_nobody_decides_about_themselves_or_their_own_report(mo, tess, root, alice):
    own, above, mine = about(alice, mo), about(alice, root), about(mo, alice)
    for report in (own, mine):
        with pytest.raises(PermissionDenied):
            decide_report(mo, report, outcome="kept", reason="Fine.")
    assert set(Report.objects.visible_to(mo)) == {above, mine}
    decide_report(tess, own, outcome="kept", reason="Fine.")
    decide_report(tess, mine, outcome="kept", reason="Fine.")
    with pytest.raises(PermissionDenied):
        decide_report(root, above, outcome="kept", reason="Fine.")


def test_a_report_about_the_only_admin_is_decided_by_a_moderator(as_, mo, root, alice):
    report = about(alice, root)
    page = as_(mo).get(report.get_absolute_url()).content.decode()
    assert "Only another admin can sanction an admin." in page and "Take action" not in page
    as_(mo).post(
        f"/moderation/reports/{report.pk}/decide/", {"do": "uphold", "reason": "We talked about it."}
    )
    report.refresh_from_db()
    assert (report.decided_by, report.outcome) == (mo, "upheld")
    with pytest.raises(PermissionDenied):
        sanction(mo, root, NewSanction(kind="correction", rule="kind", explanation="No."))


def test_many_are_decided_at_once_each_on_its_own(report, mo, alice, root, charlie):
    other = about(charlie, alice)
    refused = about(mo, charlie)
    rows = [report.pk, other.pk, refused.pk]
    why = REPORT.perform(REPORT.verbs["dismiss"], mo, rows, reason="Looked at them all.")
    assert [bool(why[pk]) for pk in rows] == [False, False, True]


def test_the_seal_takes_two_moderators_is_logged_and_told(
    report, mo, tess, alice, mailoutbox, django_capture_on_commit_callbacks
):
    assert revealed_reporters(mo, report) is None
    with pytest.raises(Conflict):
        reveal_reporters(tess, report)
    request_reveal(mo, report, reason="Two accounts may be one person.")
    with pytest.raises(PermissionDenied):
        reveal_reporters(mo, report)
    with django_capture_on_commit_callbacks(execute=True):
        reveal_reporters(tess, report)
    assert [one.profile for one in revealed_reporters(mo, report)] == [alice]
    assert [one.profile for one in revealed_reporters(tess, report)] == [alice]
    assert list(LogEntry.objects.filter(action__startswith="seal").values_list("actor_id", "action")) == [
        (mo.pk, "seal.asked"), (tess.pk, "seal.opened"),
    ]  # fmt: skip
    assert [mail.to for mail in mailoutbox if "report" in mail.subject] == [["alice@example.com"]]


def test_the_seal_is_open_to_the_two_and_for_a_day(report, mo, tess, root):
    request_reveal(mo, report, reason="Two accounts may be one person.")
    opened = reveal_reporters(tess, report)
    assert revealed_reporters(root, report) is None
    opened.opened_at = timezone.now() - timedelta(hours=25)
    opened.save()
    assert revealed_reporters(mo, report) is None
