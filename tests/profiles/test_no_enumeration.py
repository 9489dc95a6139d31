"""Nobody can find out who has an account: the same pages, the same number of mails, the same work."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from profiles.models import User
from tests.conftest import PASSWORD


def told(page: bytes) -> str:
    """A page without what differs between any two requests."""
    text = page.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r"[a-z]+@example\.com", "ADDRESS", text)


@pytest.fixture
def hashes(monkeypatch, settings):
    """Count password hashes: the one slow thing in signing up and in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        made.append(1)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return made


def sign_up_as(email: str) -> tuple[str, str]:
    client = Client()
    form = {"first_name": "Nia", "last_name": "Example", "email": email, "password1": PASSWORD}
    answer = client.post("/accounts/signup/", form)
    assert answer.status_code == 302
    wrong = client.post("/accounts/confirm-email/", {"code": "AAAA-AAAA"})
    return told(client.get(answer.url).content), told(wrong.content)


def test_signing_up_with_a_taken_address_shows_the_same_pages(alice, hashes):
    made_for_new = sign_up_as("nia@example.com"), len(mail.outbox), len(hashes)
    hashes.clear()
    made_for_taken = sign_up_as(alice.user.email), len(mail.outbox) - 1, len(hashes)
    assert made_for_taken == made_for_new
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert mail.outbox[-1].subject == "You already have an account at Hearth"
    assert not re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.outbox[-1].body), (
        "no code for somebody else’s address"
    )


def test_signing_up_with_a_taken_address_changes_nothing(alice):
    sign_up_as(alice.user.email)
    assert User.objects.count() == 1
    assert User.objects.get().check_password(PASSWORD)
    assert alice.name == "Alice Example"


def test_an_address_somebody_signed_up_with_and_never_verified_is_won_back_by_its_owner(guest, sign_up):
    sign_up(email="victim@example.com", password1="the password of a thief")
    cache.clear()  # some time later: an address gets one mail in ten seconds
    Client().post(
        "/accounts/signup/",
        {"first_name": "Vic", "last_name": "Tim", "email": "victim@example.com", "password1": PASSWORD},
    )
    assert mail.outbox[-1].subject == "You already have an account at Hearth"
    owner = Client()
    owner.post("/accounts/password/reset/", {"email": "victim@example.com"})
    link = re.search(r"https?://\S+/password/reset/key/\S+", mail.outbox[-1].body)[0]
    form = owner.get(link, follow=True)
    owner.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get().check_password(PASSWORD)


def test_a_reset_for_an_unknown_address_shows_the_same_page(guest, alice, hashes):
    seen = []
    for email in ("nobody@example.com", alice.user.email):
        answer = guest.post("/accounts/password/reset/", {"email": email}, follow=True)
        seen.append((answer.redirect_chain, told(answer.content), len(mail.outbox), len(hashes)))
        mail.outbox.clear()
    assert seen[0] == seen[1]


def test_a_wrong_password_and_an_unknown_address_are_told_apart_by_nobody(alice, hashes):
    seen = []
    for email in ("nobody@example.com", alice.user.email):
        hashes.clear()
        answer = Client().post("/accounts/login/", {"login": email, "password": "not the one"})
        seen.append((answer.status_code, told(answer.content), len(hashes)))
    assert seen[0] == seen[1]
