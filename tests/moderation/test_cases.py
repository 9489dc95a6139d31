"""The queue: claims, decisions, and the seal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from community.audit.models import LogEntry
from community.lib.errors import Conflict
from moderation.actions.cases import (
    ask_to_open,
    claim_case,
    decide_case,
    decide_cases,
    open_seal,
    release_case,
    reporters_of,
)
from moderation.actions.posts import hide_post
from moderation.actions.reports import report
from moderation.actions.sanctions import Step, sanction
from moderation.models import Case
from moderation.things import find_thing
from profiles.mail.deliveries import send_due
from tests.mail.conftest import later


def about(who, profile, reason="kind"):
    return report(who, find_thing("profile", profile.pk, who), reason=reason).case


def test_one_moderator_works_on_a_case_at_a_time(case, mo, tess):
    claim_case(mo, case)
    with pytest.raises(Conflict):
        claim_case(tess, case)
    assert claim_case(mo, case).claimed_by == mo
    release_case(mo, case)
    assert claim_case(tess, case).claimed_by == tess
    Case.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert claim_case(mo, case).claimed_by == mo


def test_members_and_champions_have_no_part_in_it(case, cleo, charlie):
    for who in (cleo, charlie, None):
        with pytest.raises(PermissionDenied):
            claim_case(who, case)
        with pytest.raises(PermissionDenied):
            decide_case(who, case, outcome="kept", reason="Fine.")
    assert not Case.objects.visible_to(cleo).exists()


def test_hiding_from_the_queue_hides_the_post_and_tells_both_sides_without_naming_the_reporter(
    case, mo, alice, reply, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        decide_case(mo, case, outcome="hidden", reason="It goes after a person.")
    reply.refresh_from_db()
    assert reply.hidden_by == mo
    later()
    send_due()
    letters = {mail.to[0]: mail.body for mail in mailoutbox}
    assert set(letters) == {"alice@example.com", "bob@example.com"}
    assert "It goes after a person." in letters["bob@example.com"] and "Be kind" in letters["bob@example.com"]
    assert "Alice" not in letters["bob@example.com"] and "alice" not in letters["bob@example.com"]
    assert "no longer shown" in letters["alice@example.com"]


def test_letters_go_out_once_however_often_the_task_runs(case, mo, mailoutbox):
    from moderation.tasks import notify_report_decided, sweep_moderation

    decide_case(mo, case, outcome="kept", reason="Fair enough.")
    for work in (
        sweep_moderation,
        send_due,
        lambda: notify_report_decided(case.pk),
        send_due,
        sweep_moderation,
        send_due,
    ):
        work()
    assert [mail.to for mail in mailoutbox if "report" in mail.subject] == [["alice@example.com"]]


def test_keeping_shows_what_the_reports_hid_and_nothing_a_moderator_hid(regular, mo, tess, reply):
    def reported_by(*names):
        for place, name in enumerate(names):
            report(regular(name), find_thing("post", reply.pk, mo), reason="kind", address=f"192.0.2.{place}")
        return Case.objects.get(decided_at=None)

    case = reported_by("rose", "ruth", "rita")
    decide_case(mo, case, outcome="kept", reason="Blunt, but fair.")
    reply.refresh_from_db()
    assert reply.hidden_at is None
    hide_post(tess, reply)
    decide_case(mo, reported_by("remo"), outcome="kept", reason="Blunt, but fair.")
    reply.refresh_from_db()
    assert reply.hidden_by == tess


def test_a_decided_case_stays_decided_and_a_new_report_opens_a_new_one(case, mo, tess, charlie, reply):
    decide_case(mo, case, outcome="kept", reason="Fair.")
    with pytest.raises(Conflict):
        decide_case(tess, case, outcome="hidden", reason="No.")
    assert report(charlie, find_thing("post", reply.pk, charlie), reason="kind").case.pk != case.pk


def test_nobody_decides_about_themselves_or_their_own_report(mo, tess, root, alice):
    own, above, mine = about(alice, mo), about(alice, root), about(mo, alice)
    for case in (own, mine):
        with pytest.raises(PermissionDenied):
            decide_case(mo, case, outcome="kept", reason="Fine.")
    assert set(Case.objects.visible_to(mo)) == {above, mine}
    decide_case(tess, own, outcome="kept", reason="Fine.")
    decide_case(tess, mine, outcome="kept", reason="Fine.")
    with pytest.raises(PermissionDenied):
        decide_case(root, above, outcome="kept", reason="Fine.")


def test_a_report_about_the_only_admin_is_decided_by_a_moderator(as_, mo, root, alice):
    case = about(alice, root)
    page = as_(mo).get(case.get_absolute_url()).content.decode()
    assert "Only another admin can give an admin a sanction" in page and "Take action" not in page
    as_(mo).post(
        f"/moderation/reports/{case.pk}/decide/", {"outcome": "upheld", "reason": "We talked about it."}
    )
    case.refresh_from_db()
    assert (case.decided_by, case.outcome) == (mo, "upheld")
    with pytest.raises(PermissionDenied):
        sanction(mo, root, Step(kind="correction", clause="kind", explanation="No."))


def test_many_are_decided_at_once_each_on_its_own(case, mo, alice, root, charlie):
    other = about(charlie, alice)
    refused = about(mo, charlie)
    done, why = decide_cases(mo, [case, other, refused], outcome="kept", reason="Looked at them all.")
    assert (done, len(why), why[0].startswith(f"{refused.pk}: ")) == (2, 1, True)


def test_the_seal_takes_two_moderators_is_logged_and_told(
    case, mo, tess, alice, mailoutbox, django_capture_on_commit_callbacks
):
    assert reporters_of(mo, case) is None
    with pytest.raises(Conflict):
        open_seal(tess, case)
    ask_to_open(mo, case, reason="Two accounts may be one person.")
    with pytest.raises(PermissionDenied):
        open_seal(mo, case)
    with django_capture_on_commit_callbacks(execute=True):
        open_seal(tess, case)
    assert [one.profile for one in reporters_of(mo, case)] == [alice]
    assert [one.profile for one in reporters_of(tess, case)] == [alice]
    assert list(LogEntry.objects.filter(action__startswith="seal").values_list("actor_id", "action")) == [
        (mo.pk, "seal.asked"), (tess.pk, "seal.opened"),
    ]  # fmt: skip
    assert [mail.to for mail in mailoutbox if "report" in mail.subject] == [["alice@example.com"]]


def test_the_seal_is_open_to_the_two_and_for_a_day(case, mo, tess, root):
    ask_to_open(mo, case, reason="Two accounts may be one person.")
    opened = open_seal(tess, case)
    assert reporters_of(root, case) is None
    opened.opened_at = timezone.now() - timedelta(hours=25)
    opened.save()
    assert reporters_of(mo, case) is None
