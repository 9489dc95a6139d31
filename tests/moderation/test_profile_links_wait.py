"""A new member's links wait until something they wrote stands: an empty profile full of links is an advertisement."""

from __future__ import annotations

import pytest

from forums.actions.posts import post_reply
from profiles.actions.profiles import update_profile
from profiles.models import Profile
from profiles.models.profile import Trust


@pytest.fixture
def newcomer(person):
    newcomer = person("nora")
    Profile.objects.filter(pk=newcomer.pk).update(trust=Trust.NEW)
    newcomer.refresh_from_db()
    return update_profile(newcomer, newcomer, links={"website": "https://shop.example/"})


def test_links_of_somebody_new_wait_for_their_first_post(newcomer, thread, as_):
    path = newcomer.get_absolute_url()
    assert "shop.example" not in as_(None).get(path).content.decode()
    assert "Only you see yours" in as_(newcomer).get(path).content.decode()
    post_reply(newcomer, thread, body="Check the filter.")
    assert "shop.example" in as_(None).get(path).content.decode()


def test_a_moderator_who_says_somebody_is_known_shows_them(newcomer, as_):
    Profile.objects.filter(pk=newcomer.pk).update(trust=Trust.KNOWN)
    assert "shop.example" in as_(None).get(newcomer.get_absolute_url()).content.decode()


def test_the_rule_is_on_the_page_of_limits(as_):
    assert "after the member’s first visible post" in as_(None).get("/community/limits/").content.decode()
