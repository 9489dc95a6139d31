"""Forced colours, as in Windows' contrast themes: backgrounds and shadows are gone, and what they said is still seen."""

from __future__ import annotations

import pytest
from django.utils import timezone

from points.models import Reward
from profiles.actions.teams import join_team
from profiles.models import Team

pytestmark = pytest.mark.browser

# What of an item's box a reader in forced colours can see.
EDGES = """item => {
  const { color, backgroundColor, borderTopWidth, borderTopColor, borderBottomWidth, outlineStyle } = getComputedStyle(item);
  return [color, backgroundColor, borderTopWidth, borderTopColor, borderBottomWidth, outlineStyle].join();
}"""


@pytest.fixture
def reader(visitor, as_, alice):
    who = visitor()
    who.enter(as_(alice))
    who.page.emulate_media(forced_colors="active")
    return who


def looks(page, selector):
    return {page.evaluate(EDGES, item) for item in page.locator(selector).element_handles()}


@pytest.mark.parametrize(
    ("path", "item", "state"),
    [
        ("/questions/", ".nav__item", "[aria-current]"),
        ("/questions/", ".rail__item", "[aria-current]"),
        ("/questions/", ".chip", "[aria-current]"),
        ("/community/profiles/{pk}/", ".tabs__tab", "[aria-current]"),
        ("/questions/ask/", ".seg__item", "[aria-pressed=true]"),
    ],
)
def test_the_current_item_differs_from_the_others(reader, thread, alice, path, item, state):
    reader.go(path.format(pk=alice.pk))
    page = reader.page
    page.locator(f"{item}{state}").first.wait_for()
    chosen, others = looks(page, f"{item}{state}"), looks(page, f"{item}:not({state})")
    assert others
    assert not chosen & others
    inside = page.locator(f"{item}{state}").first.evaluate(
        "item => [item, ...item.querySelectorAll('*')].map((one) => getComputedStyle(one).color)"
    )
    assert len(set(inside)) == 1


@pytest.mark.parametrize(
    ("path", "selector"),
    [
        ("/questions/", ".search input"),
        ("/questions/", ".avatar"),
        ("/questions/ask/", ".input"),
        ("/community/profiles/{pk}/?tab=points", "progress"),
    ],
)
def test_what_only_a_ground_showed_has_an_edge(reader, thread, alice, path, selector):
    Reward.objects.create(title="A mug", slug="mug", price=300, published_at=timezone.now())
    reader.go(path.format(pk=alice.pk))
    box = reader.page.locator(selector).first
    assert box.evaluate("box => getComputedStyle(box).borderTopStyle") == "solid"
    assert float(box.evaluate("box => parseFloat(getComputedStyle(box).borderTopWidth)")) > 0


def test_team_members_keep_their_lit_floor(reader, thread, alice, bob):
    team = Team.objects.create(name="Firmware", slug="firmware")
    join_team(None, team, bob)
    reader.go("/community/people/")
    plain, lit = (
        reader.page.locator(f".avatar{kind}").first for kind in (":not(.avatar--team)", ".avatar--team")
    )
    assert lit.evaluate(EDGES) != plain.evaluate(EDGES)
