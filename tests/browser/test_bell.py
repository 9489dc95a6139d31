"""The bell in a real browser: its count changes on an open page; a guest who presses one need not press again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from forums.actions.posts import post_reply
from forums.models import ThreadSubscription, TopicSubscription
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser


def _minute_passes(who):
    with who.page.expect_response(re.compile("/community/notifications/count/")):
        who.page.clock.fast_forward(61_000)


def test_the_count_changes_on_an_open_page_and_falls_when_the_thread_is_read(visitor, thread, alice, bob):
    asker = visitor()
    asker.page.clock.install()
    asker.sign_in("alice")
    asker.go("/questions/")
    bell = asker.page.locator("#bell")
    expect(bell).to_have_text("Notifications")
    reply = post_reply(bob, thread, body="Check the filter.")
    _minute_passes(asker)
    expect(bell).to_have_attribute("data-new", "1")
    expect(bell).to_have_text("Notifications, 1 new")
    bell.click()
    asker.page.click(f"main a:has-text('{thread.subject}')")
    asker.page.wait_for_url(f"**/questions/{thread.slug}/#post-{reply.pk}")
    asker.go("/questions/")
    expect(bell).not_to_have_attribute("data-new", "1")
    assert asker.errors == []


def test_the_poll_keeps_the_focus_and_ends_with_the_session(visitor, thread, alice, bob):
    asker = visitor()
    asker.page.clock.install()
    asker.sign_in("alice")
    asker.go("/questions/")
    asker.page.locator("#bell").focus()
    post_reply(bob, thread, body="Check the filter.")
    _minute_passes(asker)
    expect(asker.page.locator("#bell[data-new]")).to_be_focused()
    asker.page.context.clear_cookies()
    _minute_passes(asker)
    asked = []
    asker.page.on("request", lambda request: asked.append(request.url))
    asker.page.clock.fast_forward(300_000)
    assert [url for url in asked if "notifications/count" in url] == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_guest_presses_a_threads_bell_signs_in_and_hears_of_it(javascript, visitor, thread, bob):
    guest = visitor(javascript=javascript)
    guest.go(f"/questions/{thread.slug}/")
    guest.page.click(f"form[action='/questions/thread/{thread.pk}/subscription/'] button")
    guest.page.fill("input[name=login]", "bob@example.com")
    guest.page.fill("input[name=password]", PASSWORD)
    guest.page.click("main button[type=submit] >> nth=0")
    guest.page.wait_for_url(f"**/questions/{thread.slug}/")
    expect(guest.page.locator("#thread-follow button")).to_have_attribute("aria-pressed", "true")
    assert ThreadSubscription.objects.get(profile=bob).muted_at is None
    assert guest.errors == []


def test_a_guest_presses_a_topics_bell_and_gets_its_digest(visitor, topic, bob):
    guest = visitor(width=390)
    guest.go("/questions/topic/exports/")
    guest.page.click("form[action='/questions/topic/exports/subscription/'] button")
    guest.page.fill("input[name=login]", "bob@example.com")
    guest.page.fill("input[name=password]", PASSWORD)
    guest.page.click("main button[type=submit] >> nth=0")
    guest.page.wait_for_url("**/questions/topic/exports/")
    assert TopicSubscription.objects.get(profile=bob).delivery == "digest"
    assert guest.errors == []


def test_mail_is_chosen_by_keyboard(visitor, alice):
    member = visitor()
    member.sign_in("alice")
    member.go("/settings/mail/")
    box = member.page.locator("input[name='email:reply']")
    box.focus()
    member.page.keyboard.press("Space")
    member.page.select_option("select[name=digest_hour]", "17")
    member.page.locator("button:has-text('Save')").focus()
    member.page.keyboard.press("Enter")
    expect(member.page.get_by_text("Saved.")).to_be_visible()
    expect(box).not_to_be_checked()
    assert alice.mail_settings.digest_hour == 17
    assert member.errors == []
