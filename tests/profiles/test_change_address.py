"""A new address counts once its code was typed; until then the old one stays."""

from __future__ import annotations

from django.core import mail
from django.test import Client

from tests.conftest import PASSWORD


def ask_for(client: Client, email: str):
    return client.post("/accounts/email/", {"action_add": "", "email": email})


def test_the_address_changes_when_the_code_was_typed(alice, sign_in, code):
    browser = sign_in(alice)
    ask_for(browser, "alice.new@example.com")
    assert mail.outbox[-1].to == ["alice.new@example.com"]
    alice.user.refresh_from_db()
    assert alice.user.email == "alice@example.com", "the old address stays until then"

    browser.post("/accounts/confirm-email/", {"code": code()})
    alice.user.refresh_from_db()
    assert alice.user.email == "alice.new@example.com"
    assert [row.email for row in alice.user.emailaddress_set.all()] == ["alice.new@example.com"]
    told = [sent.to[0] for sent in mail.outbox if sent.subject == "Your e-mail address was changed"]
    assert told == ["alice@example.com"], "the old address is told"
    assert (
        Client()
        .post("/accounts/login/", {"login": "alice.new@example.com", "password": PASSWORD})
        .status_code
        == 302
    )


def test_a_wrong_code_leaves_the_old_address(alice, sign_in):
    browser = sign_in(alice)
    ask_for(browser, "alice.new@example.com")
    browser.post("/accounts/confirm-email/", {"code": "AAAA-AAAA"})
    alice.user.refresh_from_db()
    assert alice.user.email == "alice@example.com"


def test_a_members_address_cannot_be_taken_even_with_its_code(alice, bob, sign_in, code):
    browser = sign_in(alice)
    ask_for(browser, "bob@example.com")
    page = browser.post("/accounts/confirm-email/", {"code": code()}, follow=True)
    assert page.status_code == 200 and "You can’t use this e-mail address" in page.content.decode()
    alice.user.refresh_from_db()
    assert alice.user.email == "alice@example.com"


def test_an_address_that_waits_for_its_code_elsewhere_cannot_be_taken_either(alice, person, sign_in, code):
    person("nia", verified=False)
    browser = sign_in(alice)
    ask_for(browser, "nia@example.com")
    page = browser.post("/accounts/confirm-email/", {"code": code()}, follow=True)
    assert page.status_code == 200 and "You can’t use this e-mail address" in page.content.decode()
    alice.user.refresh_from_db()
    assert alice.user.email == "alice@example.com"
    assert [row.email for row in alice.user.emailaddress_set.all()] == ["alice@example.com"]
