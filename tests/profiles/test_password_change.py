"""A changed password ends what an intruder may have left behind; one made of the site's name is refused."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from community.audit.models import LogEntry
from profiles.actions.keys import create_api_key
from profiles.models import ApiKey
from profiles.passwords import SiteNameValidator
from tests.conftest import PASSWORD
from tests.profiles.test_reset_password import NEW, ask_for_link, choose

FORM = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


def works(key: str) -> bool:
    return Client().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {key}").status_code == 200


def test_changing_the_password_ends_api_keys(alice, sign_in):
    _row, key = create_api_key(alice.user, label="Reporter")
    browser = sign_in(alice)
    assert (
        "Reporter" in browser.get("/accounts/password/change/").context["form"].fields["keep_keys"].help_text
    )
    assert browser.post("/accounts/password/change/", FORM).status_code == 302
    assert not works(key)
    entry = LogEntry.objects.get(action="api_key.revoked")
    assert (entry.actor_id, entry.detail.reason) == (alice.pk, "The password was changed.")
    assert "1 API key stopped working" in mail.outbox[-1].body


def test_a_member_may_keep_api_keys_when_changing_the_password(alice, sign_in):
    _row, key = create_api_key(alice.user, label="Reporter")
    sign_in(alice).post("/accounts/password/change/", {**FORM, "keep_keys": "on"})
    assert works(key)
    assert "stopped working" not in mail.outbox[-1].body


def test_a_wrong_old_password_ends_no_key(alice, sign_in):
    _row, key = create_api_key(alice.user, label="Reporter")
    sign_in(alice).post("/accounts/password/change/", {**FORM, "oldpassword": "not this"})
    assert works(key)


def test_nobody_without_keys_is_asked_about_them(alice, sign_in):
    assert "keep_keys" not in sign_in(alice).get("/accounts/password/change/").context["form"].fields


def test_resetting_the_password_ends_all_api_keys(guest, alice, bob):
    keys = [create_api_key(alice.user, label=name)[1] for name in ("One", "Two")]
    _row, other = create_api_key(bob.user, label="Bob's")
    choose(guest, ask_for_link(guest, "alice@example.com"))
    assert [works(key) for key in (*keys, other)] == [False, False, True]
    assert ApiKey.objects.filter(user=alice.user, revoked_at=None).count() == 0
    assert any("2 API keys stopped working" in one.body for one in mail.outbox)


@pytest.mark.parametrize("password", ["hearthhearth", "Hearth123456", "hearth hearth 1", "hearth demo"])
def test_a_password_made_of_the_name_of_the_site_is_refused(password):
    with pytest.raises(ValidationError, match="name of this site"):
        SiteNameValidator().validate(password)


@pytest.mark.parametrize("password", [PASSWORD, NEW, "hearthstone and gravel", "12345678901"])
def test_a_password_that_says_more_is_taken(password):
    SiteNameValidator().validate(password)


def test_sign_up_refuses_a_password_made_of_the_name_of_the_site(db, client):
    form = {"first_name": "New", "email": "new@example.com", "password1": "hearthhearth"}
    assert (
        "name of this site" in client.post("/accounts/signup/", form).context["form"].errors["password1"][0]
    )
