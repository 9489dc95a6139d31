"""Mails that come back and complaints: counted once, forgotten in time, and at the limit mail stops and the person is told."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.utils import timezone

from profiles.actions.notifications import notify
from profiles.mail.deliveries import send_due
from profiles.mail.preferences import restart_mail
from profiles.mail.returns import FORGOTTEN_AFTER, STOPS_AT, note_return
from profiles.models import Delivery, MailReturn, MailSettings, Notification, ReturnKind
from profiles.notifications import Kind, add_kind
from profiles.queries import mail_settings_of

PATH = "/hooks/mail/postmark/tracking/"
SECRET = {"Authorization": "Basic " + base64.b64encode(b"post:office").decode()}


@pytest.fixture(autouse=True)
def provider(settings):
    settings.ROOT_URLCONF = "tests.mail_urls"
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": ["post:office"]}
    add_kind(Kind("test", "Tests of things"))


@pytest.fixture
def tell(client):
    """Let the provider tell of a bounce (or, by `RecordType`, of something else)."""

    def tell(message_id="m-1", email="alice@example.com", headers=SECRET, **fields):
        event = {
            "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "MessageID": message_id, "Email": email,
            "From": "community@example.com", "BouncedAt": "2026-11-20T16:33:54Z", "Details": f"550 <{email}> is unknown",
            "Description": "The server was unable to deliver", "ID": 42, **fields,
        }  # fmt: skip
        return client.post(PATH, event, content_type="application/json", headers=headers)

    return tell


def score(profile):
    return mail_settings_of(profile).bounce_score


def test_two_bounces_stop_the_mail_and_the_person_is_told_in_the_house(alice, bob, tell, as_):
    assert tell("m-1").status_code == 200
    assert (score(alice), mail_settings_of(alice).mail_stopped_at) == (2, None)
    assert tell("m-2").status_code == 200
    assert mail_settings_of(alice).mail_stopped_reason == "bounced"
    assert (
        Notification.objects.get(profile=alice).title
        == "We stopped sending you e-mails because they bounced."
    )
    assert (Delivery.objects.count(), MailSettings.objects.filter(profile=bob).exists()) == (0, False)
    notify([alice], "test", source_key="post:1", title="Something", url="/x/")
    send_due()
    assert (Delivery.objects.get().reason, outbox.outbox) == ("stopped", [])
    browser = as_(alice)
    assert "We stopped sending you e-mails" in browser.get("/community/notifications/").content.decode()
    browser.post("/settings/mail/restart/")
    notify([alice], "test", source_key="post:2", title="Something", url="/x/")
    send_due()
    assert [one.to for one in outbox.outbox] == [["alice@example.com"]]


def test_the_same_event_told_again_counts_once(alice, tell):
    for _again in range(5):
        tell("m-1")
    assert (score(alice), MailReturn.objects.count()) == (2, 1)


def test_one_complaint_stops_the_mail(alice, tell):
    tell(RecordType="SpamComplaint", Type="SpamComplaint", TypeCode=512)
    assert mail_settings_of(alice).mail_stopped_reason == "complained"
    assert "marked as spam" in Notification.objects.get(profile=alice).title


def test_what_is_old_is_forgotten(alice, tell):
    tell("m-1")
    MailSettings.objects.update(bounced_at=timezone.now() - FORGOTTEN_AFTER - timedelta(hours=1))
    tell("m-2")
    assert (score(alice), mail_settings_of(alice).mail_stopped_at) == (2, None)


def test_mails_that_were_not_taken_for_now_weigh_less(alice):
    for number in range(STOPS_AT - 1):
        note_return(alice, ReturnKind.SOFT, key=f"m-{number}")
    assert mail_settings_of(alice).mail_stopped_at is None
    note_return(alice, ReturnKind.SOFT, key="the last")
    assert mail_settings_of(alice).mail_stopped_at is not None


def test_without_the_secret_nobody_stops_anybodys_mail(alice, tell):
    wrong = {"Authorization": "Basic " + base64.b64encode(b"post:man").decode()}
    assert {tell(headers=headers).status_code for headers in ({}, wrong)} == {401}
    assert MailReturn.objects.count() == 0


@pytest.mark.parametrize(
    "email",
    ["nobody@example.com", "", "a\x00b@example.com", "alice@example.com\r\nBcc: x@y", "@" * 500, "😀@😀"],
)
def test_events_about_nobody_change_nothing(email, alice, tell):
    assert tell(email=email).status_code == 200
    assert MailReturn.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"RecordType": "Bounce"}', b"null"], ids=str)
def test_a_body_that_is_no_event_is_no_error_of_ours(body, client, alice):
    client.raise_request_exception = False
    answer = client.post(PATH, body, content_type="application/json", headers=SECRET)
    assert answer.status_code < 500
    assert MailReturn.objects.count() == 0


def test_an_address_somebody_has_left_counts_for_nobody(alice, tell):
    EmailAddress.objects.filter(user=alice.user).update(email="alice@new.example")
    tell()
    assert MailReturn.objects.count() == 0


def test_the_mail_that_came_back_says_so_in_the_log_and_no_address_is_kept(alice, tell, as_):
    row = Delivery.objects.create(
        profile=alice,
        kind="test",
        source_key="post:1",
        title="Somebody replied",
        url="/x/",
        state="sent",
        provider_id="m-1",
    )
    tell()
    assert (row.returns.get().detail, row.returns.get().profile) == ("550 … is unknown", alice)
    page = as_(alice).get("/settings/mail/log/").content.decode()
    assert "Bounced" in page
    assert "The address doesn’t accept e-mail." in page


def test_a_mail_server_that_refuses_the_address_counts_as_well(alice, smtp):
    smtp.refusal = "550 Nobody here"
    for number in range(2):
        notify([alice], "test", source_key=f"post:{number}", title="Something", url="/x/")
        send_due()
    assert set(Delivery.objects.values_list("state", "reason")) == {("failed", "refused")}
    assert mail_settings_of(alice).mail_stopped_reason == "bounced"
    restart_mail(alice)
    assert score(alice) == 0


def test_who_unsubscribes_at_the_provider_gets_no_more(alice, tell):
    tell(
        RecordType="SubscriptionChange",
        Recipient="alice@example.com",
        SuppressSending=True,
        SuppressionReason="ManualSuppression",
    )
    assert mail_settings_of(alice).paused_at is not None
