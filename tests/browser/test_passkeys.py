"""Passkeys, with Chromium's virtual authenticator: add one with the default settings, sign in without a password."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(who):
    """Give the browser a phone-like authenticator; returns the session that talks to it and its id."""
    tools = who.page.context.new_cdp_session(who.page)
    tools.send("WebAuthn.enable")
    return tools, tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})[
        "authenticatorId"
    ]


def add_passkey(who) -> None:
    page = who.page
    who.go("/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit] >> nth=0")
        page.wait_for_selector("#mfa_webauthn_add")
    page.fill("input[name=name]", "Phone")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)


def test_a_member_adds_a_passkey_and_signs_in_with_it_alone(visitor, alice):
    member = visitor()
    member.sign_in("alice")
    with_authenticator(member)
    add_passkey(member)
    assert Authenticator.objects.get(type="webauthn").user_id == alice.user_id

    page = member.page
    page.context.clear_cookies()
    member.go("/accounts/login/?next=/settings/profile/")
    page.click("#passkey_login")
    page.wait_for_selector("h1:has-text('Your profile')")
    assert member.errors == []


def test_an_authenticator_that_knows_nobody_lets_nobody_in(visitor, alice):
    member = visitor()
    member.sign_in("alice")
    tools, known = with_authenticator(member)
    add_passkey(member)
    tools.send("WebAuthn.clearCredentials", {"authenticatorId": known})
    page = member.page
    page.context.clear_cookies()
    member.go("/accounts/login/")
    page.click("#passkey_login")
    member.go("/settings/profile/")
    assert "/accounts/login/" in page.url


def test_a_passkey_is_a_second_factor_that_opens_privileged_pages(visitor, mo, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    moderator = visitor()
    moderator.sign_in("mo")
    moderator.go("/admin/")
    assert moderator.page.url.endswith("/accounts/2fa/")
    with_authenticator(moderator)
    add_passkey(moderator)
    moderator.go("/admin/")
    assert moderator.page.url.endswith("/admin/")
    assert moderator.errors == []
