"""Accounts made at the command line."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from profiles.models import Profile, User
from tests.conftest import PASSWORD


def create(*args: str) -> str:
    out = StringIO()
    call_command("create_member", *args, stdout=out)
    return out.getvalue()


def test_it_prints_where_the_profile_is(db, settings):
    said = create(
        "Nia@Example.com",
        "--name",
        "Nia van der Berg",
        "--password",
        PASSWORD,
        "--role",
        "moderator",
        "--verified",
    )
    profile = Profile.objects.get()
    assert f"{settings.SITE_URL}/community/profiles/{profile.pk}/" in said
    assert (profile.name, profile.user.email, profile.role) == (
        "Nia van der Berg",
        "nia@example.com",
        "moderator",
    )
    browser = Client()
    browser.post("/accounts/login/", {"login": "nia@example.com", "password": PASSWORD})
    assert browser.get("/admin/").status_code == 200


def test_without_verified_the_first_sign_in_asks_for_a_code(db):
    create("nia@example.com", "--name", "Nia", "--password", PASSWORD)
    answer = Client().post("/accounts/login/", {"login": "nia@example.com", "password": PASSWORD})
    assert answer.url.startswith("/accounts/confirm-email/")


def test_without_a_password_nobody_can_sign_in_with_one(db):
    create("nia@example.com", "--name", "Nia", "--verified")
    assert not User.objects.get().has_usable_password()


def test_a_taken_address_is_a_sentence(db):
    create("nia@example.com", "--name", "Nia")
    with pytest.raises(CommandError, match="An account with this e-mail address already exists"):
        create("NIA@example.com", "--name", "Nia again")
    assert User.objects.count() == Profile.objects.count() == 1


def test_nonsense_is_a_sentence(db):
    with pytest.raises(CommandError, match="Enter a valid e-mail address"):
        create("nia", "--name", "Nia")
    with pytest.raises(CommandError, match="Enter a name"):
        create("nia@example.com", "--name", "  ")
    assert not User.objects.exists()
