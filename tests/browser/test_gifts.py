"""Giving points in Chromium: the form in the header asks in place, gives once, works by keyboard and without scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from points.models import Gift, GiftCategory
from points.policy import offer_gift_categories
from points.queries.ledger import balance_of

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def moderator(visitor, mo):
    offer_gift_categories()

    def open_one(**look):
        one = visitor(**look)
        one.sign_in("mo")
        return one

    return open_one


def _problems(page):
    return [one["id"] for one in Axe().run(page, options=RULES).response["violations"]]


def test_the_form_asks_in_place_and_gives(moderator, alice):
    mo = moderator(width=390)
    mo.go(alice.get_absolute_url())
    page = mo.page
    page.focus("summary:has-text('Award points')")
    page.keyboard.press("Enter")
    page.check("input[name=points][value='50']", force=True)
    page.select_option("select[name=category]", "good-report")
    page.fill("textarea[name=reason]", "It showed us the bug.")
    assert _problems(page) == []
    page.click("text=Continue")
    page.wait_for_selector("text=Award 50 points to Alice Example?")
    assert page.url.endswith(alice.get_absolute_url()) and not Gift.objects.exists()
    assert _problems(page) == []
    page.click("button:has-text('Award 50 points')")
    page.wait_for_selector("text=50 points awarded to Alice Example.")
    assert balance_of(alice.pk) == 50
    assert mo.errors == []


def test_without_scripts_the_question_is_a_page(moderator, alice):
    mo = moderator(javascript=False)
    mo.go(alice.get_absolute_url())
    page = mo.page
    page.click("summary:has-text('Award points')")
    page.click("text=Continue")
    assert page.locator("textarea[name=reason]:invalid").count() == 1  # the browser asks for what is required
    page.select_option("select[name=category]", str(GiftCategory.objects.get(slug="beyond").slug))
    page.fill("textarea[name=reason]", "For the fence.")
    page.click("text=Continue")
    page.click("button:has-text('Award 25 points')")
    assert "25 points awarded to Alice Example." in page.content()
    assert balance_of(alice.pk) == 25
