"""The menus: who sees which link, and that a key is taken once."""

from __future__ import annotations

import pytest

from community.lib.navigation import MENUS, Link, add_link, items_for


def test_menu_refuses_a_key_it_already_has():
    with pytest.raises(ValueError, match="home"):
        add_link("top_bar", Link("home", "Home", "home"))


def test_menu_has_moderation_links_only_for_moderators(alice, mo):
    assert {item.key for item in items_for(alice, "user")}.isdisjoint({"moderation", "directory", "admin"})
    assert {item.key for item in items_for(mo, "user")} >= {"moderation", "directory", "admin"}


def test_every_link_of_every_menu_opens_for_an_admin(root, as_):
    urls = {item.url for name in MENUS for item in items_for(root, name)}
    browser = as_(root)
    assert {url: status for url in urls if (status := browser.get(url, follow=True).status_code) != 200} == {}


def test_moderation_counts_take_one_statement(mo, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        list(items_for(mo, "user"))
        list(items_for(mo, "moderation"))
