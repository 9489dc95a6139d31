"""Doors that count how often somebody knocks."""

from __future__ import annotations

from django.test import Client

from tests.conftest import PASSWORD


def test_five_wrong_passwords_close_the_door_of_that_address_for_a_while(alice, bob):
    for _try in range(5):
        Client().post("/accounts/login/", {"login": "alice@example.com", "password": "wrong one"})
    answer = Client(REMOTE_ADDR="198.51.100.7").post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    assert answer.status_code == 200 and "Too many tries" in answer.content.decode()
    assert (
        Client(REMOTE_ADDR="198.51.100.7")
        .post("/accounts/login/", {"login": "bob@example.com", "password": PASSWORD})
        .status_code
        == 302
    ), "others are let in"


def test_many_sign_ups_from_one_place_are_slowed_down(db):
    form = {"first_name": "", "last_name": "", "email": "", "password1": ""}
    answers = [Client().post("/accounts/signup/", form).status_code for _try in range(21)]
    assert answers == [200] * 20 + [429]
    assert Client(REMOTE_ADDR="198.51.100.7").post("/accounts/signup/", form).status_code == 200


def test_many_resets_for_one_address_are_slowed_down(alice):
    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{place}").post("/accounts/password/reset/", {"email": "alice@example.com"}).status_code
        for place in range(6)
    ]
    assert answers[:5] == [302] * 5 and answers[5] in (200, 429)


def test_the_refusal_is_a_page_of_ours(db):
    form = {"first_name": "", "last_name": "", "email": "", "password1": ""}
    for _try in range(20):
        Client().post("/accounts/signup/", form)
    page = Client().post("/accounts/signup/", form)
    assert page.status_code == 429 and 'id="main"' in page.content.decode()
