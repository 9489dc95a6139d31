"""A guest chooses to follow, signs in, returns, and follows."""

from __future__ import annotations

import pytest
from django.test import Client

from forums.actions.subscriptions import set_topic_delivery, unsubscribe
from forums.models import ThreadSubscription, TopicSubscription
from tests.conftest import PASSWORD


@pytest.fixture
def guest():
    return Client(enforce_csrf_checks=False)


def sign_in(guest, answer, name):
    page = answer.headers["Location"]
    assert page.startswith("/accounts/login/?next=")
    return guest.post(page, {"login": f"{name}@example.com", "password": PASSWORD})


def test_guest_follows_a_thread_after_signing_in(guest, thread, charlie):
    answer = sign_in(guest, guest.post(f"/questions/thread/{thread.pk}/subscription/"), "charlie")
    assert answer.headers["Location"] == thread.get_absolute_url()
    assert ThreadSubscription.objects.get(profile=charlie, thread=thread).muted_at is None
    assert guest.get(thread.get_absolute_url()).context["view"].subscribed


def test_guest_follows_a_topic_after_signing_in(guest, topic, charlie):
    answer = sign_in(guest, guest.post(f"/questions/topic/{topic.slug}/subscription/"), "charlie")
    assert answer.headers["Location"] == topic.get_absolute_url()
    assert TopicSubscription.objects.get(profile=charlie, topic=topic).delivery == "digest"


def test_guest_follow_keeps_a_moderators_choice_of_every_post(guest, topic, mo):
    set_topic_delivery(mo, topic, "each")
    sign_in(guest, guest.post(f"/questions/topic/{topic.slug}/subscription/"), "mo")
    assert TopicSubscription.objects.get(profile=mo, topic=topic).delivery == "each"


def test_guest_follow_counts_once(guest, thread, charlie):
    sign_in(guest, guest.post(f"/questions/thread/{thread.pk}/subscription/"), "charlie")
    unsubscribe(charlie, thread)
    guest.post("/accounts/logout/")
    guest.post("/accounts/login/", {"login": "charlie@example.com", "password": PASSWORD})
    assert ThreadSubscription.objects.get(profile=charlie, thread=thread).muted_at is not None


def test_get_follows_nothing(guest, thread, charlie):
    guest.get(f"/questions/thread/{thread.pk}/subscription/")
    guest.post("/accounts/login/", {"login": "charlie@example.com", "password": PASSWORD})
    assert not ThreadSubscription.objects.filter(profile=charlie).exists()


def test_another_site_cannot_follow_for_a_guest(guest, thread):
    answer = guest.post(
        f"/questions/thread/{thread.pk}/subscription/", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
