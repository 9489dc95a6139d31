"""Mail to the conduct address becomes a report, once, and is answered when it is decided."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from django.core import mail

from community.lib.incoming import read_mail
from forums.actions.received_mail import receive_mail
from moderation.actions.decisions import decide_report
from moderation.actions.mailed_reports import MAILS_PER_SENDER_AN_HOUR
from moderation.models import Complaint, Report, Reporter


@pytest.fixture(autouse=True)
def _address(db, settings):
    settings.CONDUCT_ADDRESS = "conduct@hearth.example"


def written(text, *, message_id="<1@mail.example>", sender="nia@example.net", subject="Somebody is rude"):
    letter = EmailMessage()
    letter["From"], letter["To"] = f"Nia <{sender}>", "Conduct <Conduct@hearth.example>"
    letter["Subject"], letter["Message-ID"] = subject, message_id
    letter.set_content(text)
    return receive_mail(read_mail(letter.as_bytes()))


def test_a_mail_that_links_to_a_reply_is_about_that_reply(settings, reply, bob, alice):
    row = written(f"Look at this:\n\n{settings.SITE_URL}{reply.get_absolute_url()}\n\nNot fine.")
    report = Report.objects.get()
    assert (row.outcome, report.source_key, report.subject, report.rule) == (
        "passed",
        f"post:{reply.pk}",
        bob,
        "",
    )
    assert "Not fine." in report.complaints.get().note
    assert (Reporter.objects.get().email, Reporter.objects.get().profile) == ("nia@example.net", None)
    assert "nia@example.net" not in report.complaints.get().note


@pytest.mark.parametrize("what", ["thread", "profile", "hidden", "nothing"])
def test_it_is_about_what_it_links_to_as_far_as_everybody_sees_it(settings, thread, alice, mo, what):
    from moderation.actions.threads import hide_thread

    if what == "hidden":
        hide_thread(mo, thread)
    path = {"profile": alice.get_absolute_url(), "nothing": ""}.get(what, thread.get_absolute_url())
    written(f"{settings.SITE_URL}{path}" if path else "He called me at home.")
    key = Report.objects.get().source_key
    assert key.startswith(
        {"thread": f"thread:{thread.pk}", "profile": f"profile:{alice.pk}"}.get(what, "mail:")
    )


def test_the_same_mail_twice_is_one_report():
    assert written("He called me.").pk == written("He called me.").pk
    assert Complaint.objects.count() == 1


def test_who_wrote_hears_what_came_of_it(mo, as_, django_capture_on_commit_callbacks):
    written("He called me at home.")
    report = Report.objects.get()
    page = as_(mo).get(report.get_absolute_url()).content.decode()
    assert "He called me at home." in page and "nia@example.net" not in page
    with django_capture_on_commit_callbacks(execute=True):
        decide_report(mo, report, outcome="kept", reason="We spoke to him.")
    assert [sent.to for sent in mail.outbox] == [["nia@example.net"]]


def test_a_flood_from_one_sender_is_refused_and_answered():
    for number in range(MAILS_PER_SENDER_AN_HOUR):
        written("Again.", message_id=f"<{number}@mail.example>")
    assert written("Again.", message_id="<last@mail.example>").outcome == "refused"
    assert Complaint.objects.count() == MAILS_PER_SENDER_AN_HOUR


def test_a_forged_sender_does_not_report_as_the_member(alice, thread, settings):
    written(f"{settings.SITE_URL}{thread.get_absolute_url()}", sender="alice@example.com")
    assert Reporter.objects.get().profile is None
