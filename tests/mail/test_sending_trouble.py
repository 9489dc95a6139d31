"""A mail server that is down, says no or says later.

A broker that lost the message; a worker that died: the sweep finishes.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.utils import timezone

from forums.actions.posts import post_reply
from profiles.mail.deliveries import claim_due, send_due
from profiles.models import Delivery
from profiles.tasks import send_bulk_mail, send_mail


@pytest.fixture
def waiting(smtp, alice, bob, thread):
    post_reply(bob, thread, body="One.")
    return Delivery.objects.get(profile=alice)


def pass_time(**span):
    for row in Delivery.objects.exclude(next_attempt_at=None):
        Delivery.objects.filter(pk=row.pk).update(next_attempt_at=row.next_attempt_at - timedelta(**span))


def test_what_nobody_told_the_worker_of_is_sent_by_the_sweep(smtp, waiting):
    assert site.CELERY_BEAT_SCHEDULE["send-mail"]["task"] == send_mail.name
    assert site.CELERY_BEAT_SCHEDULE["send-mail"]["schedule"] <= 60
    send_mail()
    send_mail()
    assert len(smtp.to("alice")) == 1


def test_a_server_that_is_down_costs_no_try_and_gets_it_when_it_is_back(smtp, waiting, settings):
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1  # nobody listens there
    send_due()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    settings.EMAIL_PORT = port
    assert send_due() == {}
    pass_time(minutes=2)
    assert send_due() == {"sent": 1}


def test_later_means_later(smtp, waiting):
    smtp.refusal = "451 Come back later"
    assert send_due() == {"failed": 1}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("failed", 1)
    assert "Come back later" in waiting.detail
    smtp.refusal = ""
    pass_time(minutes=2)
    assert send_due() == {"sent": 1}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.detail, waiting.next_attempt_at) == ("sent", "", None)


def test_an_address_that_is_refused_is_not_tried_again(smtp, waiting):
    smtp.refusal = "550 Nobody here"
    send_due()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason, waiting.next_attempt_at) == ("failed", "refused", None)


def test_after_two_days_of_later_it_is_given_up(smtp, waiting):
    smtp.refusal = "451 Come back later"
    for _try in range(12):
        send_due()
        pass_time(days=2)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason, waiting.next_attempt_at) == ("failed", "gave_up", None)


def test_what_a_dead_worker_had_is_sent_by_the_next_under_the_same_id(smtp, waiting):
    (batch,) = claim_due()
    assert claim_due() == []
    pass_time(seconds=site.MAIL_CLAIM_SECONDS + 1)
    assert send_due() == {"sent": 1}
    (mail,) = smtp.to("alice")
    assert mail["Message-ID"] == batch.lead.message_id


def test_one_mail_that_cannot_be_made_does_not_stop_the_others(smtp, alice, bob, charlie, thread, waiting):
    Delivery.objects.create(profile=charlie, kind="reply", source_key="post:0", title="x", url="/", facts={"post": "odd"},
                            next_attempt_at=timezone.now())  # fmt: skip
    send_due()
    assert len(smtp.to("alice")) == 1
    assert Delivery.objects.get(profile=charlie).reason == "broken"


def test_long_runs_never_hold_up_letters(smtp, alice, waiting):
    Delivery.objects.create(
        profile=alice,
        kind="digest",
        source_key="digest:x",
        title="x",
        url="/",
        next_attempt_at=timezone.now(),
    )
    send_mail()
    assert Delivery.objects.get(kind="digest").state == "queued"
    send_bulk_mail()
    assert Delivery.objects.get(kind="digest").state == "skipped"
