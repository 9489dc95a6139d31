"""Two people who keep apart: no replies, no mentions, no notifications, in either direction, on every channel."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from community.lib.incoming import read_mail
from forums.actions.posts import post_reply
from forums.actions.received_mail import receive_mail
from forums.actions.subscriptions import subscribe
from forums.models import Post
from forums.reply_address import reply_address
from moderation.actions.sanctions import NewSanction, sanction
from profiles.models import Profile


@pytest.fixture
def apart(mo, bob, alice):
    return sanction(
        mo,
        bob,
        NewSanction(
            kind="warning",
            rule="careful",
            explanation="Leave her alone.",
            days=30,
            apart=[alice],
            skip_reason="She is afraid.",
        ),
    )


def again(profile):
    return Profile.objects.select_related("user").get(pk=profile.pk)


def test_neither_hears_of_the_other_but_both_hear_of_everybody_else(apart, alice, bob, charlie, board):
    from forums.actions.threads import ask

    neutral = ask(charlie, topic=board, subject="Neutral ground", body="Say hello.")
    for who in (alice, bob):
        subscribe(again(who), neutral)
    mail.outbox.clear()
    post_reply(again(bob), neutral, body="Hello.")
    post_reply(charlie, neutral, body="Hello, Bob.")
    from profiles.models import Notification

    told = Notification.objects.filter(profile__in=[alice, bob], kind="reply").values_list("profile", "actor")
    assert (alice.pk, bob.pk) not in told
    assert {(alice.pk, charlie.pk), (bob.pk, charlie.pk)} <= set(told)


def test_a_reply_by_mail_is_refused_too(apart, bob, thread):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = (
        bob.user.email,
        reply_address(bob.pk, thread.pk),
        "<1@mail.example>",
    )
    letter.set_content("It is me.")
    assert receive_mail(read_mail(letter.as_bytes())).outcome == "refused"
    assert Post.objects.count() == 1


def test_the_api_says_why(apart, as_, bob, thread):
    answer = as_(bob).post(
        f"/api/v1/threads/{thread.pk}/posts/", {"body": "It is me."}, content_type="application/json"
    )
    assert (answer.status_code, "no-contact order" in answer.json()["detail"]) == (403, True)


def test_a_mention_by_number_counts_as_a_mention(apart, bob, alice, board):
    from forums.actions.threads import ask

    with pytest.raises(PermissionDenied):
        ask(again(bob), topic=board, subject="Look", body=f"Hello @{alice.handle.upper()}!")


def test_both_still_read_what_the_other_writes(apart, as_, bob, thread):
    assert as_(bob).get(thread.get_absolute_url()).status_code == 200
