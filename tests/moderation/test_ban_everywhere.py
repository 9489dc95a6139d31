"""A ban holds on every channel from the next request on, and ends on all of them."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from django.core import mail
from django.test import Client

from community.lib.incoming import read_mail
from forums.actions.received_mail import receive_mail
from forums.models import Post, Thread, Vote
from forums.reply_address import reply_address
from moderation.actions.sanctions import NewSanction, lift_sanction, sanction
from profiles.actions.keys import create_api_key
from tests.conftest import PASSWORD

DOCS = "https://docs.example.com/install"


@pytest.fixture
def browser(bob):
    """Bob, signed in by the page, to be remembered."""
    client = Client()
    client.post("/accounts/login/", {"login": bob.user.email, "password": PASSWORD, "remember": "on"})
    assert client.get("/settings/profile/").status_code == 200
    return client


@pytest.fixture
def ban(mo, bob):
    def now(kind="temporary_ban", **fields):
        days = 7 if kind == "temporary_ban" else None
        return sanction(
            mo,
            bob,
            NewSanction(
                kind=kind,
                rule="kind",
                explanation="You threatened her.",
                days=days,
                skip_reason="A threat.",
                **fields,
            ),
        )

    return now


def test_a_live_session_reads_as_a_guest_and_writes_nothing(browser, ban, thread, topic):
    ban()
    assert browser.get("/settings/profile/").status_code == 302
    assert browser.get(thread.get_absolute_url()).status_code == 200
    browser.post(f"/questions/{thread.slug}/reply/", {"body": "Me again."})
    browser.post("/questions/ask/", {"subject": "Me again", "topic": topic.slug, "body": "And again."})
    browser.post(f"/questions/post/{thread.posts.get(number=1).pk}/vote/")
    assert (Post.objects.count(), Thread.objects.count(), Vote.objects.count()) == (1, 1, 0)


def test_a_live_session_is_led_to_the_letter_once(browser, ban, mo):
    given = ban()
    led = browser.get("/questions/")
    assert (led.status_code, led["Location"]) == (302, given.appeal_url)
    letter = browser.get(led["Location"]).content.decode()
    assert "You threatened her." in letter
    assert "Send appeal" in letter
    assert browser.get("/questions/").status_code == 200


def test_a_script_of_a_live_session_is_told_where_the_letter_is(browser, ban):
    given = ban()
    answer = browser.get("/community/notifications/count/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, given.appeal_url)


def test_a_session_is_led_nowhere_when_the_ban_is_lifted(browser, ban):
    given = ban()
    lift_sanction(given.given_by, given, reason="A mistake.")
    assert browser.get("/questions/").status_code == 200


def test_a_cookie_we_never_gave_is_led_nowhere(ban, settings):
    ban()
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert stranger.get("/questions/").status_code == 200


def test_signing_in_leads_to_the_appeal(bob, ban):
    given = ban()
    answer = Client().post("/accounts/login/", {"login": bob.user.email, "password": PASSWORD})
    assert answer["Location"] == given.appeal_url
    assert "You threatened her." in Client().get(answer["Location"]).content.decode()
    wrong = Client().post("/accounts/login/", {"login": bob.user.email, "password": "not theirs at all"})
    assert "appeals" not in wrong.get("Location", "") + wrong.content.decode()


def test_a_key_opens_nothing(bob, ban, client, thread):
    _row, key = create_api_key(bob.user, label="bot")
    header = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/me/", headers=header).status_code == 200
    given = ban()
    assert client.get("/api/v1/me/", headers=header).status_code == 401
    path = f"/api/v1/threads/{thread.pk}/posts/"
    assert (
        client.post(path, {"body": "Hi."}, headers=header, content_type="application/json").status_code == 401
    )
    lift_sanction(given.given_by, given, reason="A mistake.")
    assert client.get("/api/v1/me/", headers=header).status_code == 200


def test_a_reset_link_asked_for_before_is_worth_nothing(bob, ban):
    Client().post("/accounts/password/reset/", {"email": bob.user.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    ban()
    guest = Client()
    assert "password1" not in guest.get(link, follow=True).content.decode()
    bob.user.refresh_from_db()
    assert bob.user.check_password(PASSWORD)


def test_a_reply_by_mail_is_refused(bob, ban, thread):
    ban()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = (
        bob.user.email,
        reply_address(bob.pk, thread.pk),
        "<1@mail.example>",
    )
    letter.set_content("Me again.")
    row = receive_mail(read_mail(letter.as_bytes()))
    assert row.outcome == "refused"
    assert Post.objects.count() == 1


def test_a_token_of_the_docs_frame_is_refused(browser, ban, client, settings, thread):
    settings.EMBED_ORIGINS = ["https://docs.example.com"]
    token = browser.get("/embed/sign-in/").context["token"]
    ban()
    body = {"page": DOCS, "subject": "Which port?", "body": "There are two."}
    assert client.post("/embed/ask/", body, headers={"Authorization": f"Embed {token}"}).status_code == 401


def test_what_was_written_before_signing_in_is_not_posted_by_a_banned_person(bob, ban, thread):
    ban()
    browser = Client()
    browser.post(f"/questions/{thread.slug}/reply/", {"body": "Kept for later."})
    browser.post("/accounts/login/", {"login": bob.user.email, "password": PASSWORD})
    browser.get("/questions/pending/", follow=True)
    assert Post.objects.count() == 1


def test_a_ban_that_is_lifted_lets_them_in_again(bob, ban):
    given = ban("permanent_ban")
    lift_sanction(given.given_by, given, reason="A mistake.")
    client = Client()
    client.post("/accounts/login/", {"login": bob.user.email, "password": PASSWORD})
    assert client.get("/settings/profile/").status_code == 200


def test_notifications_stop_but_the_letter_arrives(
    bob, ban, alice, thread, django_capture_on_commit_callbacks
):
    from forums.actions.posts import post_reply
    from forums.actions.subscriptions import subscribe

    subscribe(bob, thread)
    with django_capture_on_commit_callbacks(execute=True):
        ban()
        post_reply(alice, thread, body="Is anybody here?")
    assert [sent.subject for sent in mail.outbox if sent.to == [bob.user.email]] == [
        "Your account is suspended"
    ]
