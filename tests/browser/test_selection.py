"""Selecting threads in a list, with the keyboard and with the mouse."""

from __future__ import annotations

import pytest

from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Thread
from moderation.actions.threads import archive_thread
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
    def enter(who=mo, **look):
        browser = visitor(**look)
        browser.enter(as_(who))
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


def test_replies_are_split_without_scripts_and_put_back(moderator, bob, many):
    replies = [post_reply(bob, many[0], body=f"Idea number {number}.") for number in range(3)]
    browser = moderator(javascript=False)
    browser.go(many[0].get_absolute_url())
    page = browser.page
    for reply in replies[1:]:
        page.locator(f"#post-{reply.pk} .check-row").click()
    page.click("#selection summary")
    page.fill("#selection input[name=split-subject]", "A matter of its own")
    page.click("#selection button[value=split]")
    assert "2 replies were moved to A matter of its own." in page.inner_text("main")
    assert many[0].posts.count() == 2
    page.click(".toast button[type=submit]")
    assert "Idea number 2." in page.inner_text("main")
    assert many[0].posts.count() == 4


@pytest.mark.parametrize("size", SIZES)
def test_selected_replies_and_entries_are_accessible(moderator, bob, cleo, mo, many, size):
    archive_thread(mo, many[1], reason="Answered in the docs")
    for number in range(3):
        post_reply(bob, many[0], body=f"Idea number {number}.")
    for who, path in ((cleo, many[0].get_absolute_url()), (mo, "/moderation/log/")):
        browser = moderator(who)

        def open_it(page=browser.page):
            page.locator(".check-row input").first.check()
            page.locator("#selection summary, .record summary").first.click()
            return []

        assert problems(browser, [path], measure=open_it, **size) == []


@pytest.mark.parametrize("size", SIZES)
def test_selection_is_accessible_in_every_look(moderator, size):
    browser = moderator()

    def open_it():
        browser.page.locator(".check-row input").first.check()
        browser.page.click("#selection summary")
        return []

    assert problems(browser, ["/questions/", "/questions/topic/exports/"], measure=open_it, **size) == []
