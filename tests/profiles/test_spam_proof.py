"""A profile is no place for advertising: links are not followed, new and empty pages not indexed, and links may wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.actions.profiles import update_profile
from profiles.hooks import hooks
from profiles.models import Profile
from profiles.models.profile import Trust


@pytest.fixture
def newcomer(person):
    newcomer = person("nora")
    Profile.objects.filter(pk=newcomer.pk).update(trust=Trust.NEW)
    newcomer.refresh_from_db()
    return update_profile(
        newcomer, newcomer, bio="[Buy](https://shop.example/)", links={"website": "https://shop.example/"}
    )


@pytest.fixture(autouse=True)
def no_rules(monkeypatch):
    monkeypatch.setattr(hooks, "hides_links", lambda profile: False)


@pytest.fixture
def rule(no_rules, monkeypatch):
    """Hold the links of everybody new who has not written anything."""
    monkeypatch.setattr(hooks, "hides_links", lambda profile: profile.reply_count == 0)


def test_links_and_bio_are_not_followed(newcomer, as_):
    page = as_(None).get(newcomer.get_absolute_url()).content.decode()
    assert page.count("https://shop.example/") == 2
    for piece in page.split('href="https://shop.example/"')[1:]:
        assert 'rel="' in piece[:60] and "nofollow" in piece[:60] and "ugc" in piece[:60]


def test_a_page_is_indexed_once_it_says_something_and_is_not_brand_new(newcomer, as_):
    path, sitemap = newcomer.get_absolute_url(), "/sitemap-profiles-0.xml"
    assert as_(None).get(path)["X-Robots-Tag"] == "noindex"
    assert path not in as_(None).get(sitemap).content.decode()
    Profile.objects.filter(pk=newcomer.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert "X-Robots-Tag" not in as_(None).get(path)
    assert path in as_(None).get(sitemap).content.decode()
    Profile.objects.filter(pk=newcomer.pk).update(bio="")
    assert as_(None).get(newcomer.get_absolute_url())["X-Robots-Tag"] == "noindex"


def test_a_rule_holds_links_from_everybody_but_their_owner(newcomer, alice, as_, rule):
    page, api = newcomer.get_absolute_url(), f"/api/v1/profiles/{newcomer.pk}/"
    for other in (None, alice):
        assert "shop.example" not in as_(other).get(page).content.decode()
        assert as_(other).get(api).json()["links"] == {}
        assert "shop.example" not in as_(other).get("/api/v1/profiles/").content.decode()
    own = as_(newcomer).get(page).content.decode()
    assert "shop.example" in own and "Only you see yours" in own
    assert as_(newcomer).get("/api/v1/me/").json()["links"] == {"website": "https://shop.example/"}


def test_what_was_held_shows_by_itself(newcomer, as_, rule):
    Profile.objects.filter(pk=newcomer.pk).update(reply_count=1)
    assert "shop.example" in as_(None).get(newcomer.get_absolute_url()).content.decode()


def test_no_rule_holds_those_who_are_known(alice, as_, rule):
    update_profile(alice, alice, links={"website": "https://alice.example/"})
    assert "alice.example" in as_(None).get(alice.get_absolute_url()).content.decode()
