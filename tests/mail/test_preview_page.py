"""The button that sends me a preview of my digest."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail as outbox

from forums.actions.subscriptions import set_topic_delivery
from forums.actions.threads import ask
from forums.models import TopicSubscription
from forums.views.subscriptions import PREVIEWS_PER_HOUR
from profiles.mail.deliveries import send_due

PATH = "/settings/mail/preview/"


def test_a_preview_is_sent_to_me_only(alice, bob, topic, as_):
    set_topic_delivery(alice, topic, "digest")
    thread = ask(bob, topic=topic, subject="Why is the export empty?", body="It has no rows.")
    TopicSubscription.objects.update(created_at=thread.created_at - timedelta(days=1))
    outbox.outbox.clear()
    answer = as_(alice).post(PATH, follow=True)
    assert "sending a preview" in answer.content.decode()
    send_due()
    assert [one.to for one in outbox.outbox] == [["alice@example.com"]]
    assert "Why is the export empty?" in outbox.outbox[0].body


def test_previews_are_limited_and_a_get_sends_none(alice, as_):
    browser = as_(alice)
    assert browser.get(PATH).status_code == 405
    assert {browser.post(PATH).status_code for _press in range(PREVIEWS_PER_HOUR)} == {302}
    assert browser.post(PATH).status_code == 429
