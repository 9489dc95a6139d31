"""Selecting threads in a list, with the keyboard and with the mouse."""

from __future__ import annotations

import pytest

from forums.actions.threads import ask
from forums.models import Thread
from tests.browser.looks import SIZES, problems

pytestmark = pytest.mark.browser
ARCHIVED = {"archived_at__isnull": False}


@pytest.fixture
def many(alice, topic):
    subjects = (
        "Export stops at row 1000",
        "Where do I set the time zone?",
        "Pairing fails after the update",
        "Filter by two tags",
    )
    return [ask(alice, topic=topic, subject=one, body="Please help.", tags=["csv"]) for one in subjects]


@pytest.fixture
def moderator(visitor, as_, mo, many):
    def enter(**look):
        browser = visitor(**look)
        browser.enter(as_(mo))
        browser.go("/questions/")
        return browser

    return enter


def test_three_threads_are_archived_with_the_keyboard_and_undone(moderator):
    page = moderator().page
    bar, links = page.locator("#selection"), page.locator(".thread h3 a")
    assert not bar.is_visible()
    for number in range(3):
        links.nth(number).focus()
        page.keyboard.press("x")
    assert bar.locator("output").inner_text() == "3 selected"
    page.locator(".search input").first.focus()
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    assert bar.locator("output").inner_text() == "3 selected"
    bar.get_by_role("button", name="Archive").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    assert Thread.objects.filter(**ARCHIVED).count() == 3
    page.locator(".toast").get_by_role("button", name="Undo").press("Enter")
    page.wait_for_selector("text=Undone.")
    assert not Thread.objects.filter(**ARCHIVED).exists()


def test_shift_selects_a_range_and_escape_clears_it(moderator):
    page = moderator().page
    boxes, chosen = page.locator(".check-row input"), page.locator(".check-row input:checked")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert chosen.count() == 4
    boxes.nth(1).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert chosen.count() == 2
    page.keyboard.press("Escape")
    assert chosen.count() == 0 and not page.locator("#selection").is_visible()


def test_selection_works_without_scripts(moderator):
    page = moderator(javascript=False).page
    page.check(".check-row >> nth=0")
    page.check(".check-row >> nth=2")
    page.click("#selection summary")
    page.fill("#selection input[name=reason]", "Tidy")
    page.press("#selection input[name=reason]", "Enter")
    assert not Thread.objects.filter(**ARCHIVED).exists()
    page.click("#selection button[value=archive]")
    assert Thread.objects.filter(**ARCHIVED).count() == 2


@pytest.mark.parametrize("size", SIZES)
def test_selection_is_accessible_in_every_look(moderator, size):
    browser = moderator()

    def open_it():
        browser.page.locator(".check-row input").first.check()
        browser.page.click("#selection summary")
        return []

    assert problems(browser, ["/questions/", "/questions/topic/exports/"], measure=open_it, **size) == []
