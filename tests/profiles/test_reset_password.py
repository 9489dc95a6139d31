"""A forgotten password: a link by mail, once."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client

from tests.conftest import PASSWORD

NEW = "a different quiet evening"


def ask_for_link(client: Client, email: str) -> str:
    client.post("/accounts/password/reset/", {"email": email})
    return re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]


def choose(client: Client, link: str, password: str = NEW):
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


def test_the_link_in_the_mail_sets_a_new_password_and_signs_in(guest, alice):
    link = ask_for_link(guest, "alice@example.com")
    assert choose(guest, link).status_code == 302
    assert guest.get("/settings/profile/").status_code == 200
    alice.user.refresh_from_db()
    assert alice.user.check_password(NEW)
    assert mail.outbox[-1].subject == "Your password was reset"


def test_the_link_works_once(guest, alice):
    link = ask_for_link(guest, "alice@example.com")
    choose(guest, link)
    page = Client().get(link, follow=True)
    assert "password1" not in page.content.decode()


def test_a_made_up_link_opens_nothing(guest, alice):
    page = guest.get("/accounts/password/reset/key/1-c0ffee-0123456789abcdef/", follow=True)
    assert page.status_code == 200 and "password1" not in page.content.decode()


def test_a_reset_signs_everybody_else_out(guest, alice, sign_in):
    elsewhere = sign_in(alice)
    assert elsewhere.get("/settings/profile/").status_code == 200
    choose(guest, ask_for_link(guest, "alice@example.com"))
    assert elsewhere.get("/settings/profile/").status_code == 302


def test_a_suspended_person_gets_no_link_and_no_further_than_the_door(guest, sam):
    guest.post("/accounts/password/reset/", {"email": "sam@example.com"})
    assert "/password/reset/key/" not in mail.outbox[-1].body
    guest.post("/accounts/login/", {"login": "sam@example.com", "password": PASSWORD})
    assert guest.get("/settings/profile/").status_code == 302
