"""What a mail server refuses: dead addresses are noted, everything else is the server's trouble and is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.audit.models import LogEntry
from profiles.actions.notifications import notify
from profiles.mail.deliveries import REFUSED_MANY, TROUBLE_AFTER, send_due
from profiles.mail.preferences import stop_mail
from profiles.models import Delivery, MailReturn, MailSettings
from profiles.models.mail import StopReason
from profiles.notifications import Kind, add_kind
from profiles.queries import mail_settings_of
from tests.mail.conftest import later

LOG, RESTART = "/settings/mail/log/", "/admin/profiles/mailsettings/restart/"


@pytest.fixture(autouse=True)
def _kind():
    add_kind(Kind("test", "Tests of things"))


def tell(*people, number=1):
    notify(people, "test", source_key=f"thing:{number}", title="Something", url="/x/")


def outcome(person):
    row = Delivery.objects.filter(profile=person).latest("id")
    return row.state, row.reason, row.next_attempt_at is not None


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 No such user", "550 5.1.10 Null MX", "553 5.1.3 Bad syntax", "550 Nobody here"]
)
def test_a_dead_address_is_refused_for_good(answer, smtp, alice, bob):
    smtp.refusals["alice"] = answer
    tell(alice, bob)
    send_due()
    assert (outcome(alice), outcome(bob)) == (("failed", "refused", False), ("sent", "", False))
    assert MailReturn.objects.get().profile == alice


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.7.1 Relaying denied", "530 5.7.0 Authentication required", "554 5.7.1 Policy", "554 Message refused",
        "550 relay not permitted", "551 User not local", "552 5.2.2 Mailbox full", "550 5.1.8 Bad sender", "451 4.7.1 Later",
        "550 Your IP is on a block list",
    ],
)  # fmt: skip
def test_other_refusals_are_tried_again_and_count_against_nobody(answer, smtp, alice, bob):
    smtp.refusals["alice"] = answer
    tell(alice, bob)
    send_due()
    assert (outcome(alice), outcome(bob)) == (("failed", "deferred", True), ("sent", "", False))
    assert not MailReturn.objects.exists()
    smtp.refusals.clear()
    later()
    send_due()
    assert outcome(alice) == ("sent", "", False)


@pytest.mark.parametrize("where", ["sender_refusal", "data_refusal"])
def test_a_refused_sender_or_message_is_tried_again(where, smtp, alice):
    setattr(smtp, where, "554 5.7.1 Not from here")
    tell(alice)
    send_due()
    assert outcome(alice) == ("failed", "deferred", True)
    assert Delivery.objects.get().detail == "554 5.7.1 Not from here"
    assert not MailReturn.objects.exists()


def test_a_server_that_refuses_everybody_mutes_nobody(smtp, person):
    people = [person(f"p{number}", password=None) for number in range(TROUBLE_AFTER + 5)]
    for number in range(2):
        smtp.refusal = "550 No"
        tell(*people, number=number)
        send_due()
        assert len(smtp.tries) <= 2 * TROUBLE_AFTER  # the rest is not even tried
        later(60)
    assert not MailReturn.objects.exists()
    assert not MailSettings.objects.exclude(mail_stopped_at=None).exists()
    smtp.refusal = ""
    for _round in range(3):
        send_due()
        later(60)
    assert {len(smtp.to(f"p{number}")) for number in range(len(people))} == {2}


def test_a_server_that_refuses_one_after_another_mutes_few(smtp, person):
    smtp.refusal = "550 No"
    people = [person(f"p{number}", password=None) for number in range(REFUSED_MANY + 3)]
    for one in people:
        tell(one)
        send_due()
    assert [outcome(one)[1] for one in people[REFUSED_MANY:]] == ["deferred"] * 3
    assert not MailSettings.objects.exclude(mail_stopped_at=None).exists()


def test_a_few_dead_addresses_among_many_are_dead(smtp, person):
    people = [person(f"p{number}", password=None) for number in range(2 * REFUSED_MANY + 2)]
    dead = people[::2][:REFUSED_MANY]
    for one in dead:
        smtp.refusals[one.user.email.partition("@")[0]] = "550 5.1.1 No such user"
    tell(*people)
    send_due()
    assert {outcome(one)[1] for one in dead} == {"refused"}


def test_the_log_says_in_a_sentence_why_a_mail_waits(smtp, alice, bob, root, as_, settings):
    smtp.refusals["alice"] = "450 4.2.1 <alice@example.com> is busy"
    tell(alice)
    send_due()
    assert "accept the e-mail yet. We will try again." in as_(alice).get(LOG).content.decode()
    settings.EMAIL_PORT = 1  # nobody listens there
    tell(bob)
    send_due()
    assert "Our mail server doesn’t answer" in as_(bob).get(LOG).content.decode()
    admin = as_(root).get("/admin/profiles/delivery/").content.decode()
    for words in ("450 4.2.1 … is busy", "Connection refused"):
        assert words in admin


def test_everything_due_says_why_it_waits(smtp, alice, person, settings):
    settings.EMAIL_PORT = 1
    for number in range(60):  # more than one batch
        tell(alice, number=number)
    send_due()
    assert set(Delivery.objects.values_list("state", "reason", "detail")) == {
        ("queued", "unreachable", "Connection refused")
    }


def test_an_admin_starts_again_what_was_stopped_between_two_dates(alice, bob, charlie, root, as_):
    now = timezone.now()
    for one, reason, days in (
        (alice, "bounced", 2),
        (bob, "bounced", 9),
        (charlie, StopReason.COMPLAINED, 2),
    ):
        stop_mail(one, reason)
        MailSettings.objects.filter(profile=one).update(mail_stopped_at=now - timedelta(days=days))
    span = {
        "since_0": (now - timedelta(days=3)).date(), "since_1": "00:00", "until_0": now.date(), "until_1": "00:00",
        "reason": "The relay was misconfigured.",
    }  # fmt: skip
    browser = as_(root)
    assert RESTART in browser.get("/admin/profiles/mailsettings/").content.decode()
    assert "E-mail restarted for 1 member." in browser.post(RESTART, span, follow=True).content.decode()
    assert [mail_settings_of(one).mail_stopped_at is None for one in (alice, bob, charlie)] == [
        True,
        False,
        False,
    ]
    entry = LogEntry.objects.get(action="mail.restarted")
    assert (entry.actor_id, entry.target) == (root.pk, "mail:stopped")
    for wrong in ({**span, "until_0": span["since_0"]}, {**span, "since_0": "soon"}, {}):
        assert browser.post(RESTART, wrong).status_code == 400
    assert LogEntry.objects.filter(action="mail.restarted").count() == 1


def test_only_admins_start_stopped_mail_again(bob, mo, root, as_):
    assert [as_(one).get(RESTART).status_code for one in (None, bob, mo, root)] == [302, 302, 403, 200]
