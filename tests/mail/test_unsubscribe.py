"""The link in every mail: one click, no sign-in, for ever; and nothing else."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from forums.actions.posts import post_reply
from forums.models import ThreadSubscription, TopicSubscription
from profiles.mail.deliveries import send_due
from profiles.mail.unsubscribe import make_token
from profiles.models import NotificationPreference


@pytest.fixture
def guest():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def link(smtp, alice, bob, thread):
    post_reply(bob, thread, body="One.")
    send_due()
    (mail,) = smtp.to("alice")
    return re.fullmatch(r"<http://[^/]+(/.+)>", mail["List-Unsubscribe"].strip())[1]


def hears(profile, thread):
    return ThreadSubscription.objects.filter(profile=profile, thread=thread, muted_at=None).exists()


def test_one_click_without_cookie_works_once_and_again(guest, link, alice, bob, thread):
    for _again in range(2):
        answer = guest.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not answer.cookies
    assert not hears(alice, thread)
    assert hears(bob, thread)


def test_looking_at_the_link_changes_nothing(guest, link, alice, thread):
    answers = [guest.get(link), guest.head(link)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Unsubscribe" in answers[0].content.decode()
    assert hears(alice, thread)


def test_a_link_turns_one_bell_off_only(guest, link, alice, bob, topic):
    from forums.actions.threads import ask

    other = ask(alice, topic=topic, subject="Another one?", body="Yes.")
    guest.post(link)
    assert hears(alice, other)
    assert not NotificationPreference.objects.exists()
    assert not TopicSubscription.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
        lambda t: "9" + t,
        lambda t: t.replace("thread", "topic"),
    ],
)
def test_a_forged_link_does_nothing(guest, link, alice, thread, change):
    token = link.split("/")[2]
    answer = guest.post(f"/unsubscribe/{change(token)}/")
    assert answer.status_code == 404
    assert hears(alice, thread)


def test_a_link_outlives_its_thread_its_key_and_the_bells_wish(guest, link, alice, thread, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key, and long enough to be one",
    )
    assert guest.post(link).status_code == 200
    thread.delete()
    assert guest.post(link).status_code == 200
    assert guest.get(f"/unsubscribe/{make_token(alice.pk, 'former:1')}/").status_code == 200
