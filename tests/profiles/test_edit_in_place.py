"""Changing a profile on its own page: a form in place of the header, or a page of its own without scripts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from profiles.actions.profiles import update_profile

HTMX = {"HX-Request": "true"}


@pytest.fixture
def path(alice):
    return f"/community/profiles/{alice.pk}/edit/"


def form_of(browser, path):
    """Return what a browser would send back."""
    form = browser.get(path).context["form"]
    return {field.html_name: field.value() for field in form if field.value() not in (None, False)}


def test_the_header_becomes_a_form_and_back(alice, as_, path):
    browser = as_(alice)
    assert f'hx-get="{path}"' in browser.get(alice.get_absolute_url()).content.decode()
    piece = browser.get(path, headers=HTMX).content.decode()
    assert piece.startswith("<form") and 'id="profile-head"' in piece and "<html" not in piece
    sent = form_of(browser, path) | {"bio": "I *ask*.", "country": "NL", "tone": "4"}
    here = f"http://testserver{alice.get_absolute_url()}"
    answer = browser.post(path, sent, headers={**HTMX, "HX-Current-URL": here})
    assert (answer.status_code, answer["HX-Redirect"], answer["HX-Refresh"]) == (
        204,
        alice.get_absolute_url(),
        "true",
    )
    shown = browser.get(alice.get_absolute_url()).content.decode()
    assert "<em>ask</em>" in shown and "Netherlands" in shown and 'data-tone="4"' in shown


def test_without_scripts_it_is_a_page_with_a_form(alice, as_, path):
    browser = as_(alice)
    sent = form_of(browser, path) | {"link_github": "https://github.com/alice"}
    answer = browser.post(path, sent)
    assert (answer.status_code, answer["Location"]) == (302, alice.get_absolute_url())
    alice.refresh_from_db()
    assert alice.links == {"github": "https://github.com/alice"}


def test_a_refusal_keeps_what_was_typed_in_both_ways(alice, as_, path):
    browser = as_(alice)
    sent = form_of(browser, path) | {"handle": "admin", "bio": "Kept."}
    for headers, status in ((HTMX, 200), ({}, 400)):
        answer = browser.post(path, sent, headers=headers)
        assert answer.status_code == status and "Kept." in answer.content.decode()
        assert answer.context["form"].errors["handle"]


def test_interests_are_private_until_shown(alice, bob, mo, as_, path):
    browser = as_(alice)
    browser.post(path, form_of(browser, path) | {"interests": "sundials", "products": "Station One"})
    page, api = alice.get_absolute_url(), f"/api/v1/profiles/{alice.pk}/"
    assert "sundials" in browser.get(page).content.decode()
    for other in (None, bob, mo):
        assert "sundials" not in as_(other).get(page).content.decode()
        assert as_(other).get(api).json()["interests"] == ""
    assert "sundials" not in as_(mo).get(path).content.decode()
    assert browser.get("/api/v1/me/").json()["interests"] == "sundials"
    browser.post(path, form_of(browser, path) | {"shows_interests": "on"})
    assert "sundials" in as_(None).get(page).content.decode()
    assert as_(None).get(api).json()["products"] == "Station One"


def test_moderators_find_the_profile_in_admin_and_may_mend_it(alice, bob, mo, as_, path):
    page = as_(mo).get(alice.get_absolute_url()).content.decode()
    assert f"/admin/profiles/profile/{alice.pk}/change/" in page and path in page
    assert as_(mo).get(f"/admin/profiles/profile/{alice.pk}/change/").status_code == 200
    for other in (None, bob):
        shown = as_(other).get(alice.get_absolute_url()).content.decode()
        assert "/admin/" not in shown and path not in shown
    browser = as_(mo)
    assert browser.post(path, form_of(browser, path) | {"bio": "Mended."}).status_code == 302
    alice.refresh_from_db()
    assert alice.bio == "Mended."


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("github", "https://github.com/alice", "https://evil.example/github.com/alice"),
        ("github", "https://www.github.com/alice", "https://github.com.evil.example/alice"),
        ("github", "https://gist.github.com/alice", "https://github.com/"),
        ("linkedin", "https://nl.linkedin.com/in/alice", "https://example.com/in/alice"),
        ("x", "https://twitter.com/alice", "https://xx.com/alice"),
        ("mastodon", "https://fosstodon.org/@alice", "https://fosstodon.org/about"),
    ],
)
def test_a_link_leads_where_its_kind_says(alice, kind, good, bad):
    assert update_profile(alice, alice, links={kind: good}).links[kind] == good
    with pytest.raises(ValidationError) as refused:
        update_profile(alice, alice, links={kind: bad})
    assert refused.value.message_dict["links"]


def test_a_country_is_one_of_the_list(alice):
    assert update_profile(alice, alice, country="nl").country_name == "Netherlands"
    with pytest.raises(ValidationError, match="two letters"):
        update_profile(alice, alice, country="XX")
