"""Search in a real browser: the field's offers by keyboard, without scripts, similar threads while asking, and axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from tests.browser.looks import SIZES, problems

pytestmark = pytest.mark.browser


@pytest.fixture
def kettle(alice, bob, topic):
    thread = ask(
        alice, topic=topic, subject="Kettle does not boil", body="I pressed the button.", tags=["heating"]
    )
    mark_solution(alice, post_reply(bob, thread, body="Refill the reservoir first."))
    return thread


def test_the_field_offers_what_fits_and_is_used_by_keyboard(visitor, kettle):
    guest = visitor()
    guest.go("/questions/")
    page = guest.page
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search threads, people and tags")
    expect(field).to_be_focused()
    page.keyboard.type("kett")
    offers = page.get_by_role("option")
    expect(offers.first).to_contain_text("Kettle does not boil")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(offers).to_have_count(0)
    page.keyboard.type("l")
    expect(offers.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(offers.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{kettle.get_absolute_url()}")
    assert guest.errors == []


def test_enter_without_a_choice_searches_also_without_scripts(visitor, kettle):
    for javascript in (True, False):
        guest = visitor(javascript=javascript)
        guest.go("/")
        guest.page.fill("header input[name=q]", "reservoir")
        guest.page.press("header input[name=q]", "Enter")
        guest.page.wait_for_url("**/search/?q=reservoir")
        expect(guest.page.locator("mark").first).to_have_text("reservoir")


def test_similar_threads_come_while_somebody_asks(visitor, kettle):
    guest = visitor()
    guest.go("/questions/ask/")
    guest.page.fill("#id_subject", "My kettle stays cold and does not boil")
    expect(guest.page.get_by_text("Refill the reservoir first.")).to_be_visible()
    expect(guest.page.get_by_role("button", name="Show similar questions")).to_have_count(0)
    guest.page.get_by_role("button", name="This solved it").click()
    guest.page.wait_for_url(f"**{kettle.get_absolute_url()}#solution")
    guest.go("/questions/ask/")
    expect(guest.page.locator("#id_subject")).to_have_value("")
    assert guest.errors == []


@pytest.mark.parametrize("size", SIZES)
def test_search_is_accessible(visitor, kettle, size):
    paths = ["/search/", "/search/?q=kettle", "/search/?q=kettel", "/search/?q=zeppelin", "/search/?q=bob&type=people",
             "/search/?q=heat&type=tags", "/search/?q=a&after=x"]  # fmt: skip
    assert [one for one in problems(visitor(), paths, **size) if "400" not in one] == []
