"""Doors that count how often somebody knocks."""

from __future__ import annotations

from django.test import Client

from profiles import adapters
from tests.conftest import PASSWORD

LOGIN = "/accounts/login/"
RIGHT = {"login": "alice@example.com", "password": PASSWORD}
WRONG = {**RIGHT, "password": "wrong one"}


def place(number):
    """A browser somewhere else."""
    return Client(REMOTE_ADDR=f"198.51.100.{number}")


def is_refused(answer):
    return answer.status_code == 200 and "Too many attempts" in answer.content.decode()


def test_five_wrong_passwords_lock_an_address_for_their_ip_alone(alice, bob):
    for _try in range(5):
        place(1).post(LOGIN, WRONG)
    assert is_refused(place(1).post(LOGIN, RIGHT))
    assert place(1).post(LOGIN, {**RIGHT, "login": "bob@example.com"}).status_code == 302
    assert place(2).post(LOGIN, RIGHT).status_code == 302


def test_guesses_from_many_ips_lock_an_address_but_not_its_owners_browser(alice, bob, monkeypatch):
    monkeypatch.setattr(adapters, "SIGN_INS_PER_HOUR", 10)
    own, shared = place(100), place(101)
    assert own.post(LOGIN, RIGHT).status_code == 302
    assert shared.post(LOGIN, {**RIGHT, "login": "bob@example.com"}).status_code == 302
    for browser in (own, shared):
        browser.post("/accounts/logout/")
    for number in range(10):
        place(number).post(LOGIN, WRONG)
    assert is_refused(place(50).post(LOGIN, RIGHT))
    assert is_refused(shared.post(LOGIN, RIGHT)), "a browser is known for its own members"
    assert own.post(LOGIN, RIGHT).status_code == 302


def test_a_forged_cookie_is_no_known_browser(alice, monkeypatch):
    monkeypatch.setattr(adapters, "SIGN_INS_PER_HOUR", 0)
    browser = place(1)
    browser.cookies["browser"] = f"[{alice.user.pk}]:forged"
    assert is_refused(browser.post(LOGIN, RIGHT))


def test_wrong_passwords_are_counted_while_valkey_is_away(alice, settings):
    settings.CACHES = {
        "default": {"BACKEND": "community.lib.cache.FailOpenRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    for _try in range(5):
        place(1).post(LOGIN, WRONG)
    assert is_refused(place(1).post(LOGIN, RIGHT))


def test_many_sign_ups_from_one_place_are_slowed_down(db):
    form = {"first_name": "", "last_name": "", "email": "", "password1": ""}
    answers = [Client().post("/accounts/signup/", form).status_code for _try in range(21)]
    assert answers == [200] * 20 + [429]
    assert Client(REMOTE_ADDR="198.51.100.7").post("/accounts/signup/", form).status_code == 200


def test_many_resets_for_one_address_are_slowed_down(alice):
    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{place}")
        .post("/accounts/password/reset/", {"email": "alice@example.com"})
        .status_code
        for place in range(6)
    ]
    assert answers[:5] == [302] * 5 and answers[5] in (200, 429)


def test_the_refusal_is_a_page_of_ours(db):
    form = {"first_name": "", "last_name": "", "email": "", "password1": ""}
    for _try in range(20):
        Client().post("/accounts/signup/", form)
    page = Client().post("/accounts/signup/", form)
    assert page.status_code == 429 and 'id="main"' in page.content.decode()
