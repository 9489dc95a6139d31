"""The big list of naughty strings through sign-up and profile: kept as typed or refused with a sentence, never a 5xx."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from profiles.actions.keys import create_api_key
from profiles.models import Profile
from profiles.names import clean_name, handle_base
from tests.conftest import PASSWORD

STRINGS = Path(__file__).resolve().parents[3] / "shared/data/corpora/blns.json"
ALSO = [
    "\x00",
    "a\x00b",
    "\ud800",
    "\U000e0001",
    "\ufffe",
    "a" * 100_000,
    "\u202e" * 50,
    "Z" + "\u0351" * 500,
    "%00",
    "{{ 7*7 }}",
    "{% debug %}",
]


@pytest.fixture(scope="module")
def naughty() -> list[str]:
    if not STRINGS.exists():
        pytest.skip("the naughty strings (../shared/data/corpora/blns.json) are not here")
    return [*json.loads(STRINGS.read_text()), *ALSO]


def sendable(text: str) -> str:
    """What a browser can put into a form: half a surrogate pair it cannot."""
    return text.encode("utf-8", "replace").decode()


def test_names_at_sign_up(db, naughty, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    for number, text in enumerate(naughty[::3] + ALSO):
        form = {
            "first_name": sendable(text),
            "last_name": sendable(text),
            "email": f"n{number}@example.com",
            "password1": PASSWORD,
        }
        answer = Client().post("/accounts/signup/", form)
        assert answer.status_code in (200, 302), repr(text)
        cache.clear()
    browser = Client()
    for number, profile in enumerate(Profile.objects.select_related("user")):
        assert profile.name == profile.user.get_full_name(), "names are shown as typed"
        assert number % 5 or browser.get(profile.get_absolute_url()).status_code == 200
    assert Profile.objects.count() > 80


def test_every_string_is_a_name_or_gets_a_sentence(naughty):
    sentences = set()
    for text in naughty:
        try:
            name = clean_name(text)
        except ValidationError as refusal:
            sentences.update(refusal.messages)
        else:
            assert clean_name(name) == name and handle_base(name), repr(text)
    assert sentences and all(sentence.endswith(".") for sentence in sentences)


def test_addresses_and_passwords_at_every_door(db, naughty, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    browser = Client()
    for text in map(sendable, naughty[::3] + ALSO):
        for address, form in (
            ("/accounts/signup/", {"first_name": "A", "last_name": "B", "email": text, "password1": text}),
            ("/accounts/login/", {"login": text, "password": text}),
            ("/accounts/password/reset/", {"email": text}),
        ):
            assert browser.post(address, form).status_code in (200, 302), (address, text[:60])
            browser.cookies.clear()
        cache.clear()


def test_every_field_of_the_profile_form(alice, as_, naughty):
    browser = as_(alice)
    for text in map(sendable, naughty[::3] + ALSO):
        details = dict.fromkeys(("name", "bio", "location", "pronouns", "company", "company_role"), text)
        form = {"handle": alice.handle, "pineapple_on_pizza": "yes", **details}
        answer = browser.post("/settings/profile/", form)
        assert answer.status_code in (302, 400), text[:60]
        if answer.status_code == 302:
            assert browser.get(alice.get_absolute_url()).status_code == 200, text[:60]
    form = {"name": "Alice", "handle": alice.handle, "pineapple_on_pizza": "yes"}
    for text in map(sendable, naughty[::4] + ALSO):
        answer = browser.post("/settings/profile/", {**form, "link_website": text, "link_github": text})
        assert answer.status_code in (302, 400), text[:60]


def test_every_field_through_the_api(alice, naughty):
    _row, key = create_api_key(alice.user, label="Robot")
    client = Client(HTTP_AUTHORIZATION=f"Bearer {key}")
    fields = (
        "name",
        "handle",
        "bio",
        "location",
        "country",
        "pronouns",
        "company",
        "company_role",
        "pineapple_on_pizza",
    )
    for text in naughty:
        for body in (dict.fromkeys(fields, text), {"bio": text, "name": text, "links": {"website": text}}):
            answer = client.patch("/api/v1/me/", json.dumps(body), content_type="application/json")
            assert answer.status_code in (200, 400, 413), (answer.status_code, text[:60])
            assert answer.json()
        cache.clear()


def test_handles_and_tabs_in_addresses(alice, as_, naughty):
    browser = as_(None)
    for text in map(sendable, naughty[::3] + ALSO[:-6]):
        answer = browser.get(alice.get_absolute_url(), {"tab": text})
        assert answer.status_code in (200, 400), text[:60]
