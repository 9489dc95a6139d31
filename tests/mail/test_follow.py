"""Following: what guards it, and the settings page that lists what a member follows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from forums.actions.subscriptions import subscribe
from forums.actions.threads import ask
from forums.models import ThreadSubscription, TopicSubscription
from forums.queries import rail
from forums.views.subscriptions import GUEST_FOLLOWS_PER_HOUR
from moderation.actions.threads import hide_thread
from tests.conftest import PASSWORD

PATH = "/settings/subscriptions/"


def test_guest_follow_is_dropped_when_the_thread_was_hidden_meanwhile(client, thread, bob, mo):
    to = client.post(f"/questions/thread/{thread.pk}/subscription/")["Location"]
    hide_thread(mo, thread)
    assert client.post(to, {"login": "bob@example.com", "password": PASSWORD}).status_code == 302
    assert not ThreadSubscription.objects.filter(profile=bob).exists()


def test_members_need_the_csrf_token_to_follow(thread, bob):
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob.user, backend="profiles.backends.ProfileBackend")
    assert client.post(f"/questions/thread/{thread.pk}/subscription/").status_code == 403
    assert client.post("/questions/topic/exports/subscription/", {"delivery": "digest"}).status_code == 403


def test_guest_follows_are_limited(client, thread):
    path = f"/questions/thread/{thread.pk}/subscription/"
    assert {client.post(path).status_code for _try in range(GUEST_FOLLOWS_PER_HOUR)} == {302}
    assert client.post(path).status_code == 429


def test_settings_page_lists_what_is_followed_and_saves_the_topics(alice, topic, board, thread, as_):
    browser = as_(alice)
    page = browser.get(PATH).content.decode()
    assert thread.subject in page
    assert 'value="each"' not in page
    browser.post(PATH, {"topic:exports": "digest", "topic:show-and-tell": "none", "topic:gone": "digest"})
    assert list(TopicSubscription.objects.values_list("topic__slug", "delivery")) == [("exports", "digest")]
    browser.post(f"/questions/thread/{thread.pk}/subscription/", {"bell": "off", "next": PATH})
    page = browser.get(PATH).content.decode()
    assert "You aren’t following any threads yet" in page


@pytest.mark.parametrize("wrong", ["each", "hourly", "\x01", ""])
def test_members_cannot_choose_every_post_or_unknown_values(wrong, alice, topic, as_):
    answer = as_(alice).post(PATH, {"topic:exports": wrong}, follow=True)
    assert answer.status_code in (200, 400)
    assert not TopicSubscription.objects.exists()


def test_a_moderator_can_choose_every_post(mo, topic, as_):
    as_(mo).post(PATH, {"topic:exports": "each"})
    assert TopicSubscription.objects.get(profile=mo).delivery == "each"


def test_ten_more_followed_threads_cost_no_more_queries(alice, bob, topic, as_):
    browser = as_(alice)

    def grow(count):
        for number in range(count):
            subscribe(
                alice,
                ask(
                    bob, topic=topic, subject=f"Question {number} of {count}", body=f"Body {number} {count}."
                ),
            )

    def queries():
        browser.get(PATH)
        rail.forget_rail()
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PATH).status_code == 200
        return len(captured)

    grow(3)
    few = queries()
    grow(30)
    assert queries() <= few
    page = browser.get(PATH).context["page"]
    assert (len(page.rows), len(browser.get(f"{PATH}?after={page.older}").context["page"].rows)) == (20, 13)
