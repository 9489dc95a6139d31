"""The main journeys, as people make them."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from forums.models import Thread
from tests.browser.conftest import last_mail

pytestmark = pytest.mark.browser


def _picture(path) -> str:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "orange").save(out, "PNG")
    path.write_bytes(out.getvalue())
    return str(path)


def test_a_guest_asks_with_an_image_joins_at_submit_and_finds_it_posted(visitor, topic, tmp_path):
    guest = visitor()
    page = guest.page
    guest.go("/questions/ask/")
    page.fill("#id_subject", "Why is the export empty?")
    page.select_option("#id_topic", "exports")
    page.fill("#id_body", "It has **no rows**.\n")
    page.set_input_files("[data-pick]", _picture(tmp_path / "shot.png"))
    expect(page.locator("#id_body")).to_have_value(re.compile("/media/uploads/"))
    page.click("text=Sign up and post")
    page.fill("input[name=first_name]", "Nora")
    page.fill("input[name=last_name]", "Newcomer")
    page.fill("input[name=email]", "nora@example.com")
    page.fill("input[name=password1]", "a kettle on the stove")
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_selector("input[name=code]")
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", last_mail(), re.MULTILINE)[1]
    page.fill("input[name=code]", code)
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_selector("h1:has-text('Why is the export empty?')")
    thread = Thread.objects.get()
    assert page.url.endswith(f"/questions/{thread.slug}/"), "at its title, not below it"
    assert page.locator("article img[src*='/media/uploads/']").evaluate("image => image.naturalWidth") == 60
    assert guest.errors == []


def test_a_question_is_answered_solved_and_archived(visitor, thread, bob, mo):
    helper = visitor()
    helper.sign_in("bob")
    helper.go(f"/questions/{thread.slug}/")
    helper.page.fill("#id_body", "Check the *filter*.")
    helper.page.keyboard.press("Control+Enter")
    helper.page.wait_for_selector("article em:has-text('filter')")

    asker = visitor(javascript=False)
    asker.sign_in("alice")
    asker.go(f"/questions/{thread.slug}/")
    asker.page.click("text=Mark as solution")
    assert asker.page.is_visible("#solution")

    moderator = visitor()
    moderator.sign_in("mo")
    moderator.go(f"/questions/{thread.slug}/")
    moderator.page.click("button[value=archive]")
    moderator.page.wait_for_selector("text=This thread is archived.")
    reader = visitor()
    reader.go("/questions/")
    assert reader.page.locator(f"a[href='/questions/{thread.slug}/']").count() == 0
    assert helper.errors + moderator.errors + reader.errors == []


def test_a_vote_changes_in_place_and_stays(visitor, thread, bob):
    voter = visitor()
    voter.sign_in("bob")
    voter.go(f"/questions/{thread.slug}/")
    voter.page.click(".post--question .vote")
    voter.page.wait_for_selector(".post--question .vote[aria-pressed=true]")
    thread.refresh_from_db()
    assert thread.vote_count == 1
    assert voter.errors == []


def test_the_preview_shows_what_will_be_posted(visitor, thread):
    guest = visitor()
    guest.go(f"/questions/{thread.slug}/")
    guest.page.fill("#id_body", "vector<int> **x**")
    guest.page.click("[data-mode=preview]")
    guest.page.wait_for_selector("[data-preview] strong:has-text('x')")
    assert "vector<int>" in guest.page.inner_text("[data-preview]")
    assert guest.errors == []
