"""The page of all achievements, a profile's own, and what the API says of both."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from points import triggers
from points.actions.awards import grant, revoke_award, show_award
from points.models import Award
from points.models.achievements import ICONS
from profiles.models import Profile

PAGE = "/community/achievements/"


@pytest.fixture
def some(achievement):
    return {
        "bio": achievement("hello-there", trigger=triggers.BIO_WRITTEN, points=5),
        "ten": achievement("ten-questions", trigger=triggers.QUESTIONS, threshold=10, group="Asking"),
        "secret": achievement("night-owl", is_secret=True, group="Asking"),
        "draft": achievement("not-yet", published_at=None),
    }


def test_achievements_page_shows_guests_how_to_earn_each(some, as_):
    page = as_(None).get(PAGE).content.decode()
    assert "Hello there" in page and "Write your bio." in page and "Ask 10 questions." in page
    assert "Night owl" not in page and "Not yet" not in page
    assert "One more achievement is secret" in page


def test_achievements_page_shows_earned_ones_and_progress(some, alice, thread, as_):
    grant(alice.pk, some["bio"])
    browser = as_(alice)
    page = browser.get(PAGE).content.decode()
    assert "1 of 2 earned" in page and "1 of 10" in page and "Earned" in page
    assert "Ten questions" not in browser.get(f"{PAGE}?show=earned").content.decode()
    almost = browser.get(f"{PAGE}?show=progress").content.decode()
    assert "Ten questions" in almost and "Hello there" not in almost
    assert browser.get(f"{PAGE}?show=\x00nonsense").status_code in (200, 400)


def test_secret_achievement_is_shown_once_earned(some, alice, bob, as_):
    grant(alice.pk, some["secret"])
    assert "Night owl" in as_(alice).get(PAGE).content.decode()
    assert "Night owl" not in as_(bob).get(PAGE).content.decode()


def test_ten_more_take_no_more_queries(some, alice, achievement, as_, guest_api):
    addresses = (
        PAGE,
        "/api/v1/achievements/",
        f"{alice.get_absolute_url()}?tab=achievements",
        f"/api/v1/profiles/{alice.pk}/",
    )
    grant(alice.pk, some["bio"])
    browser = as_(alice)
    for address in addresses:
        browser.get(address)
        with CaptureQueriesContext(connection) as few:
            assert browser.get(address).status_code == 200
        for number in range(10):
            grant(
                alice.pk, achievement(f"more-{number}-{addresses.index(address)}", trigger=triggers.QUESTIONS)
            )
        with CaptureQueriesContext(connection) as many:
            browser.get(address)
        assert len(many) <= len(few), address
        assert len(many) <= 14, address


@pytest.fixture
def guest_api(client):
    return client


def test_profile_shows_awards_that_are_not_hidden(some, alice, bob, mo, as_):
    award = grant(alice.pk, some["bio"])
    tab, browser = f"{alice.get_absolute_url()}?tab=achievements", as_(alice)
    assert "Hello there" in as_(None).get(tab).content.decode()
    assert browser.post(f"/community/awards/{award.pk}/", {"shown": "off"}).status_code == 302
    assert "Hello there" not in as_(None).get(tab).content.decode()
    assert "Hello there" not in as_(mo).get(tab).content.decode()
    assert "Visible to you only" in browser.get(tab).content.decode()
    assert as_(bob).post(f"/community/awards/{award.pk}/", {"shown": "on"}).status_code == 404
    browser.post(f"/community/awards/{award.pk}/", {"shown": "on"})
    assert "Hello there" in as_(None).get(tab).content.decode()


def test_the_api_lists_them_with_progress(some, alice, thread, as_):
    grant(alice.pk, some["bio"])
    rows = {one["slug"]: one for one in as_(alice).get("/api/v1/achievements/").json()["results"]}
    assert set(rows) == {"hello-there", "ten-questions"}
    assert rows["hello-there"]["earned_at"] and rows["hello-there"]["progress"] == {"reached": 1, "of": 1}
    assert (
        rows["ten-questions"]["progress"] == {"reached": 1, "of": 10}
        and rows["ten-questions"]["group"] == "Asking"
    )
    assert as_(None).get("/api/v1/achievements/").json()["results"][0]["progress"] is None


def test_a_profile_in_the_api_names_awards_in_force_that_are_not_hidden(some, alice, mo, as_):
    for name in ("bio", "ten", "secret"):
        grant(alice.pk, some[name])
    show_award(alice, Award.objects.get(achievement=some["ten"]), shown=False)
    revoke_award(mo, Award.objects.get(achievement=some["secret"]), reason="By mistake.")
    facts = as_(None).get(f"/api/v1/profiles/{alice.pk}/").json()["achievements"]
    assert [one["title"] for one in facts] == ["Hello there"]


def test_hostile_words_stay_text(alice, achievement, as_):
    words = "<script>alert(1)</script>\"' onclick=x {{ 7 }} {% now %} \u202e"
    grant(alice.pk, achievement("hostile", title=words, description=words, group=words[:60]))
    for address in (PAGE, f"{alice.get_absolute_url()}?tab=achievements"):
        page = as_(alice).get(address).content.decode()
        assert "<script>alert" not in page and "{{ 7 }}" in page


def test_every_icon_on_offer_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    assert [name for name in ICONS if f'id="{name}"' not in sprite] == []


@pytest.mark.django_db(transaction=True)
def test_earned_achievement_is_a_toast_on_the_next_page(alice, achievement, as_):
    achievement("hello-there", trigger=triggers.BIO_WRITTEN, points=5)
    browser = as_(alice)
    answer = browser.post(
        "/settings/profile/",
        {
            "name": alice.name,
            "handle": alice.handle,
            "bio": "I grow apples.",
            "pineapple_on_pizza": "private",
        },
        follow=True,
    )
    assert Profile.objects.get(pk=alice.pk).bio
    assert "Achievement earned: Hello there, 5 points." in answer.content.decode()
