"""Moderators hear of work: once, grouped, as they wish; never the person concerned, and never who reported."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from forums.actions.posts import edit_post, post_reply
from forums.models import Topic
from moderation.actions.appeals import appeal, decide_appeal
from moderation.actions.decisions import claim_report, decide_report
from moderation.actions.reports import file_report
from moderation.actions.review import approve_post
from moderation.actions.sanctions import NewSanction, sanction
from moderation.alerts import APPEALS, APPROVAL, DUE, LABELS, REPORTS
from moderation.models import Report
from moderation.report_targets import find_target
from moderation.tasks import remind_moderators
from profiles.mail.deliveries import send_due
from profiles.mail.preferences import set_preference
from profiles.models import Delivery, Notification
from profiles.notifications import kinds_for

SPAM = "Best casino bonus, buy now at https://spin.casino or WhatsApp +1 202 555 0143"


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("profile__handle", flat=True))


def handles(*people) -> set[str]:
    return {person.handle for person in people}


def send_waiting():
    """Send what waits for its group, as five minutes later."""
    Delivery.objects.filter(state="queued").update(next_attempt_at=timezone.now())
    send_due()


def test_every_moderator_hears_of_a_report_and_nobody_else(mo, tess, root, alice, bob, cleo, report):
    assert told(REPORTS) == handles(mo, tess, root)


def test_a_moderator_does_not_hear_of_a_report_about_them_or_by_them(mo, tess, root, alice):
    file_report(alice, find_target("profile", mo.pk, alice), reason="kind")
    assert told(REPORTS) == handles(tess, root)
    Notification.objects.all().delete()
    file_report(tess, find_target("profile", alice.pk, tess), reason="kind")
    assert told(REPORTS) == handles(mo, root)


def test_more_reports_about_the_same_post_are_not_told_again(mo, report, charlie, reply):
    file_report(charlie, find_target("post", reply.pk, charlie), reason="kind", address="192.0.2.9")
    assert Notification.objects.filter(kind=REPORTS).count() == 1


def test_thirty_reports_in_five_minutes_are_one_mail(mo, alice, person, mailoutbox):
    for number in range(30):
        file_report(
            alice, find_target("profile", person(f"p{number}").pk, alice), reason="kind", limited=False
        )
    send_due()
    assert not [one for one in mailoutbox if one.to == ["mo@example.com"]]
    send_waiting()
    (mail,) = (one for one in mailoutbox if one.to == ["mo@example.com"])
    assert mail.subject == "30 new reports" and "And 10 more." in mail.body


def test_a_mail_leaves_out_what_is_decided_meanwhile(mo, tess, alice, bob, charlie, mailoutbox):
    first = file_report(alice, find_target("profile", bob.pk, alice), reason="kind").report
    second = file_report(alice, find_target("profile", charlie.pk, alice), reason="kind").report
    decide_report(tess, first, outcome="kept", reason="Fine.")
    send_waiting()
    (mail,) = (one for one in mailoutbox if one.to == ["mo@example.com"])
    assert mail.subject.startswith("New report") and first.get_absolute_url() not in mail.body
    assert second.get_absolute_url() in mail.body
    assert Notification.objects.filter(profile=mo, read_at=None).count() == 1


def test_an_appeal_is_told_to_those_who_can_decide_it(mo, tess, root, bob):
    made = appeal(
        sanction(mo, bob, NewSanction("correction", "kind", "You went after her.")),
        text="It was a quotation.",
    )
    assert told(APPEALS) == handles(tess, root)
    decide_appeal(tess, made, outcome="stands", answer="We read it again.")
    assert not Notification.objects.filter(kind=APPEALS, read_at=None).exists()


def test_posts_awaiting_approval_are_told_once_until_the_first_is_decided(mo, alice, bob, topic, thread):
    Topic.objects.filter(pk=topic.pk).update(review_replies=True)
    thread.refresh_from_db()
    first = post_reply(bob, thread, body="One.")
    post_reply(bob, thread, body="Two.")
    assert Notification.objects.filter(kind=APPROVAL).count() == 1
    approve_post(mo, first)
    post_reply(bob, thread, body="Three.")
    assert Notification.objects.filter(kind=APPROVAL).count() == 2


def test_an_edit_that_awaits_approval_is_told(mo, reply):
    edit_post(reply.author, reply, body=SPAM)
    reply.refresh_from_db()
    assert reply.held_at is not None
    assert told(APPROVAL) == handles(mo)


def test_a_deadline_within_the_hour_is_reminded_of_once(mo, tess, bob, report):
    remind_moderators()
    assert told(DUE) == set()
    given = appeal(sanction(tess, bob, NewSanction("correction", "kind", "You went after her.")), text="No.")
    soon = timezone.now() + timedelta(minutes=50)
    Report.objects.update(due_at=soon)
    type(given).objects.update(due_at=soon)
    for _time in range(2):
        remind_moderators()
    assert sorted(Notification.objects.filter(kind=DUE).values_list("profile", "source_key")) == sorted(
        [(mo.pk, f"case:{report.pk}"), (tess.pk, f"case:{report.pk}"), (mo.pk, f"appeal:{given.pk}")]
    )


def test_whoever_claimed_a_report_is_reminded_alone(report, mo, tess):
    claim_report(tess, report)
    Report.objects.update(due_at=timezone.now() + timedelta(minutes=50))
    remind_moderators()
    assert told(DUE) == handles(tess)


@pytest.mark.parametrize("kind", LABELS)
def test_each_kind_can_be_turned_off_by_moderators_and_is_not_offered_to_others(kind, mo, bob):
    assert kind in {one.key for one in kinds_for(mo)}
    assert kind not in {one.key for one in kinds_for(bob)}


def test_a_moderator_who_turned_reports_off_hears_of_none(mo, tess, alice, bob):
    set_preference(mo, REPORTS, in_app=False, email=False)
    file_report(alice, find_target("profile", bob.pk, alice), reason="kind")
    assert told(REPORTS) == handles(tess)
    assert not Delivery.objects.filter(profile=mo, kind=REPORTS, state="queued").exists()


def test_alerts_quote_nothing_and_name_nobody(mo, alice, bob, report, thread, reply, mailoutbox):
    post_reply(reply.author, thread, body="x")
    appeal(
        sanction(mo, bob, NewSanction("correction", "kind", "You went after her."), report=None),
        text="A quotation.",
    )
    Report.objects.update(due_at=timezone.now() + timedelta(minutes=50))
    remind_moderators()
    send_waiting()
    rows = Notification.objects.filter(kind__in=LABELS).values_list("title", flat=True)
    mails = [f"{one.subject}\n{one.body}" for one in mailoutbox if one.to == ["mo@example.com"]]
    assert rows and mails
    for said in (*rows, *mails):
        for word in ("Alice", "alice@", "Bob", "bob@", thread.subject, "Not kind.", "192.0.2"):
            assert word not in said
