"""Reporting: who may, how often, and what three people in good standing can do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from community.audit.models import LogDetail, LogEntry
from community.lib.errors import TooMany
from forums.actions.posts import edit_post
from moderation.actions.decisions import decide_report
from moderation.actions.reports import (
    ALL_GUEST_REPORTS_PER_HOUR,
    GUEST_REPORTS_PER_HOUR,
    file_report,
    weight_of,
)
from moderation.actions.threads import hide_thread
from moderation.models import Complaint, Report, Reporter
from moderation.report_targets import find_target
from moderation.rules import RULES


def by(who, thing, network, reason="kind", **fields):
    return file_report(who, thing, reason=reason, address=f"192.0.2.{network}", **fields)


def test_every_clause_stands_in_the_code_of_conduct():
    page = (Path(settings.BASE_DIR) / "community/pages/texts/code-of-conduct.md").read_text()
    assert [one.key for one in RULES.values() if f"**{one.title}.**" not in page] == []


def test_a_report_opens_a_case_with_a_running_clock(alice, reply):
    made = by(alice, find_target("post", reply.pk, alice), 1, reason="careful", note="  Look at this. ")
    assert (made.note, made.report.source_key, made.report.subject, made.report.report_count) == (
        "Look at this.", f"post:{reply.pk}", reply.author, 1,
    )  # fmt: skip
    assert timedelta(hours=3) < made.report.due_at - timezone.now() <= timedelta(hours=4)


def test_the_same_person_reports_a_thing_once(alice, charlie, reply):
    thing = find_target("post", reply.pk, alice)
    first = by(alice, thing, 1)
    assert by(alice, thing, 2).pk == first.pk
    assert by(charlie, thing, 1).pk != first.pk
    assert (Report.objects.count(), Report.objects.get().report_count) == (1, 2)


def test_the_reporter_is_named_in_the_sealed_row_and_nowhere_else(alice, reply):
    by(alice, find_target("post", reply.pk, alice), 1, note="Look.")
    assert Reporter.objects.get().profile == alice
    assert "192.0.2" not in Reporter.objects.get().network
    assert list(LogEntry.objects.values_list("actor_id", "action")) == [(None, "report.made")]
    assert not LogDetail.objects.exists()
    assert alice.pk not in [
        value for row in Complaint.objects.values() for value in row.values() if value == "profile_id"
    ]


def test_nobody_reports_their_own_or_what_they_cannot_see(alice, bob, charlie, thread, reply, mo):
    with pytest.raises(PermissionDenied):
        by(bob, find_target("post", reply.pk, bob), 1)
    hide_thread(mo, thread)
    for kind, pk in (("thread", thread.pk), ("post", reply.pk), ("profile", 0), ("planet", 1)):
        with pytest.raises(Http404):
            find_target(kind, pk, charlie)


def test_a_report_on_the_opening_post_is_about_the_thread(bob, thread):
    assert find_target("post", thread.posts.get(number=1).pk, bob).source_key == f"thread:{thread.pk}"


def test_a_reason_that_is_no_clause_and_a_note_too_long_are_refused(alice, reply):
    thing = find_target("post", reply.pk, alice)
    for fields in ({"reason": "boredom"}, {"reason": "kind", "note": "x" * 1001}):
        with pytest.raises(ValidationError):
            file_report(alice, thing, **fields)
    assert not Report.objects.exists()


def test_three_in_good_standing_hide_a_post_and_two_never_do(regular, reply):
    thing = find_target("post", reply.pk, None)
    for place, name in enumerate(("rose", "ruth")):
        by(regular(name), thing, place)
    reply.refresh_from_db()
    assert reply.hidden_at is None
    by(regular("rita"), thing, 3)
    reply.refresh_from_db()
    assert (reply.hidden_at is None, reply.hidden_by_id) == (False, None)
    assert Report.objects.get().hidden_at is not None


def test_one_person_in_three_browsers_or_three_new_accounts_hide_nothing(person, regular, reply):
    thing = find_target("post", reply.pk, None)
    for name in ("ruth", "rita", "rose"):
        by(regular(name), thing, 1)  # all from one network
    for place, name in enumerate(("nina", "noah", "nick")):
        by(person(name), thing, 10 + place)  # all from today
    for place in range(3):
        by(None, thing, 20 + place)  # guests
    reply.refresh_from_db()
    assert reply.hidden_at is None
    assert Report.objects.get().report_count == 9


def test_what_was_found_in_order_is_not_hidden_again_until_it_changes(regular, mo, bob, reply):
    def three(*names):
        for place, name in enumerate(names):
            by(regular(name), find_target("post", reply.pk, None), place)
        reply.refresh_from_db()
        return reply.hidden_at is not None

    assert three("rose", "ruth", "rita")
    decide_report(mo, Report.objects.get(decided_at=None), outcome="kept", reason="A blunt but fair answer.")
    assert not three("reto", "rolf", "remo")
    decide_report(mo, Report.objects.get(decided_at=None), outcome="kept", reason="Still fair.")
    edit_post(bob, reply, body="Something else altogether.")
    for name in ("rose", "ruth", "rita"):
        Reporter.objects.filter(profile__handle__startswith=name).delete()
    assert three("rhea", "rada", "rosa")


def test_a_track_record_moves_the_weight(alice, mo, thread, bob, topic):
    from forums.actions.posts import post_reply

    assert weight_of(alice) == 0.5
    for number in range(4):
        post = post_reply(bob, thread, body=f"Number {number}.")
        report = by(alice, find_target("post", post.pk, alice), 1).report
        decide_report(mo, report, outcome="kept", reason="Nothing there.")
    assert weight_of(alice) == pytest.approx(1 / 6)
    assert weight_of(None) < 0.5


def test_guests_report_a_few_times_an_hour_and_all_guests_together_so_often(person, thread, alice, topic):
    from forums.actions.threads import ask

    things = [find_target("thread", thread.pk, None)]
    for number in range(GUEST_REPORTS_PER_HOUR):
        made = ask(person(f"asker{number}"), topic=topic, subject=f"Question {number}", body="Text.")
        things.append(find_target("thread", made.pk, None))
    for thing in things[:-1]:
        by(None, thing, 7)
    with pytest.raises(TooMany):
        by(None, things[-1], 7)
    by(None, things[-1], 8)
    assert ALL_GUEST_REPORTS_PER_HOUR < 1000


def test_a_graver_report_moves_the_clock_forward_and_never_back(alice, charlie, reply):
    thing = find_target("post", reply.pk, alice)
    report = by(alice, thing, 1, reason="useful").report
    by(charlie, thing, 2, reason="careful")
    report.refresh_from_db()
    assert report.due_at - timezone.now() <= timedelta(hours=4)
