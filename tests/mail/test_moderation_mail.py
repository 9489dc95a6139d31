"""What moderators do to one author's posts within minutes goes in one mail.

What they undo meanwhile goes in none.
"""

from __future__ import annotations

import pytest

from forums.actions.posts import post_reply
from forums.actions.threads import ask
from moderation.actions.decisions import decide_report
from moderation.actions.posts import hide_post, show_post
from moderation.actions.reports import file_report
from moderation.actions.threads import archive_thread, lock_thread, unarchive_thread, unlock_thread
from moderation.models import Report
from moderation.notifications import notify_report_decided
from moderation.report_targets import find_target
from profiles.mail.deliveries import send_due
from profiles.models import Delivery
from profiles.queries import notifications_of
from tests.mail.conftest import html_of, later, text_of


@pytest.fixture
def five_minutes_later(smtp):
    def pass_and_send():
        later()
        send_due()

    return pass_and_send


def test_several_acts_on_one_author_become_one_mail(smtp, alice, mo, thread, topic, five_minutes_later):
    other = ask(alice, topic=topic, subject="And another?", body="Yes.")
    lock_thread(mo, thread, reason="It is settled.")
    archive_thread(mo, other)
    send_due()
    assert smtp.to("alice") == []
    five_minutes_later()
    (mail,) = smtp.to("alice")
    assert mail["Subject"] == "2 moderation decisions about your posts"
    for part in (
        "Why is the export empty?” was locked",
        "Reason: It is settled.",
        "And another?” was archived",
        other.get_absolute_url(),
    ):
        assert part in text_of(mail)
        assert part in html_of(mail)
    assert notifications_of(alice).count() == 2


def test_a_later_act_makes_a_mail_of_its_own(smtp, alice, mo, thread, five_minutes_later):
    lock_thread(mo, thread)
    five_minutes_later()
    archive_thread(mo, thread)
    five_minutes_later()
    assert ["locked" in mail["Subject"] for mail in smtp.to("alice")] == [True, False]


def test_acts_on_two_authors_are_two_mails(smtp, alice, bob, mo, thread, reply, five_minutes_later):
    send_due()
    lock_thread(mo, thread)
    hide_post(mo, reply)
    five_minutes_later()
    assert [len(smtp.to(name)) for name in ("alice", "bob")] == [2, 1]


def test_what_is_undone_within_minutes_is_not_mailed(smtp, alice, bob, mo, thread, reply, five_minutes_later):
    send_due()
    hide_post(mo, reply)
    show_post(mo, reply)
    archive_thread(mo, thread)
    lock_thread(mo, thread)
    unarchive_thread(mo, thread)
    five_minutes_later()
    sent = [mail["Subject"].strip() for mail in smtp.to("alice")[1:]]
    assert (sent, smtp.to("bob")) == (
        ["Your thread “Why is the export empty?” was locked: nobody can reply"],
        [],
    )
    assert set(Delivery.objects.filter(profile=bob, kind="moderated").values_list("state", "reason")) == {
        ("skipped", "undone")
    }
    unlock_thread(mo, thread)
    five_minutes_later()
    assert len(smtp.to("alice")) == 3


def test_posts_hidden_for_reports_are_one_mail_to_their_author(
    smtp, alice, bob, mo, thread, five_minutes_later
):
    posts = [post_reply(bob, thread, body="Fool."), post_reply(bob, thread, body="Fools.")]
    for post in posts:
        file_report(alice, find_target("post", post.pk, alice), reason="kind", address="192.0.2.1")
        report = Report.objects.get(decided_at=None)
        decide_report(mo, report, outcome="hidden", reason=f"Reason {post.number}.")
        notify_report_decided(report.pk)
    send_due()
    assert smtp.to("bob") == []
    five_minutes_later()
    (mail,) = smtp.to("bob")
    for post in posts:
        assert f"Reason {post.number}." in text_of(mail)
