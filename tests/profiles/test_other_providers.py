"""Signing in with another account: a small OpenID provider on this machine plays the outside world."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.test import Client

from moderation.actions.sanctions import NewSanction, sanction
from profiles.models import Profile, User

PERSON = {
    "sub": "u-1",
    "email": "nia@example.com",
    "email_verified": True,
    "given_name": "Nia",
    "family_name": "Ortega",
}


@pytest.fixture
def provider(settings) -> Iterator[dict[str, Any]]:
    """An OpenID provider; what it says of the person who signs in is in the dict."""
    says = dict(PERSON)

    class Provider(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://127.0.0.1:{self.server.server_address[1]}"
            self._answer(
                {
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/me",
                }
                if "well-known" in self.path
                else says
            )

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._answer({"access_token": "t", "token_type": "bearer"})

        def _answer(self, data: dict[str, Any]) -> None:
            body = json.dumps(data).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "oidc", "name": "Company", "client_id": "id", "secret": "s"}
    address = f"http://127.0.0.1:{server.server_address[1]}"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [{**app, "settings": {"server_url": address}}]}
    }
    yield says
    server.shutdown()
    server.server_close()


@pytest.fixture
def come_by() -> Callable[..., Any]:
    """Walk through the provider and come back; returns the answer to the way back."""

    def walk(browser: Client, process: str = "login") -> Any:
        away = browser.post(f"/accounts/oidc/oidc/login/?process={process}")
        assert away.status_code == 302, away.content.decode()
        state = parse_qs(urlsplit(away.url).query)["state"][0]
        return browser.get("/accounts/oidc/oidc/login/callback/", {"code": "c", "state": state}, follow=True)

    return walk


def is_in(browser: Client) -> bool:
    return browser.get("/settings/profile/").status_code == 200


def test_somebody_new_with_a_verified_address_is_in_at_once(provider, guest, come_by):
    come_by(guest)
    assert is_in(guest)
    profile = Profile.objects.get()
    assert (profile.name, profile.handle, profile.user.email) == (
        "Nia Ortega",
        "nia-ortega",
        "nia@example.com",
    )
    assert not any("code" in sent.subject for sent in mail.outbox)


def test_an_address_the_provider_never_verified_takes_our_code(provider, guest, come_by, code):
    provider["email_verified"] = False
    come_by(guest)
    assert not is_in(guest)
    guest.post("/accounts/confirm-email/", {"code": code()})
    assert is_in(guest)


def test_a_member_with_that_address_is_neither_signed_in_nor_linked(provider, guest, come_by, person):
    nia = person("nia")
    page = come_by(guest)
    assert page.status_code == 200 and not is_in(guest)
    assert nia.user.socialaccount_set.count() == 0 and User.objects.count() == 1
    assert mail.outbox[-1].subject == "You already have an account at Hearth"


def test_a_member_connects_it_from_settings_and_can_then_come_by_it(provider, guest, come_by, alice, sign_in):
    come_by(sign_in(alice), process="connect")
    assert alice.user.socialaccount_set.get().uid == "u-1"
    assert "Another way to sign in was added" in [sent.subject for sent in mail.outbox]
    come_by(guest)
    assert is_in(guest) and User.objects.count() == 1
    alice.user.refresh_from_db()
    assert alice.user.email == "alice@example.com", "the address stays ours"


def test_a_banned_member_who_comes_by_it_reads_why(provider, guest, come_by, alice, sign_in, person):
    come_by(sign_in(alice), process="connect")
    step = NewSanction(
        kind="temporary_ban",
        rule="kind",
        explanation="You threatened her.",
        days=7,
        skip_reason="A threat.",
    )
    given = sanction(person("tina", role="moderator"), alice, step)
    page = come_by(guest)
    assert page.request["PATH_INFO"] == given.appeal_url and "You threatened her." in page.content.decode()
    assert not is_in(guest)


def test_one_account_elsewhere_belongs_to_one_member(provider, come_by, alice, bob, sign_in):
    come_by(sign_in(alice), process="connect")
    page = come_by(sign_in(bob), process="connect")
    assert "connected to another member" in page.content.decode()
    assert bob.user.socialaccount_set.count() == 0


def test_names_nobody_can_read_are_left_out_and_the_address_never_becomes_one(provider, guest, come_by):
    provider.update(given_name="\x00\u202e", family_name="\u3164", name="")
    come_by(guest)
    profile = Profile.objects.get()
    assert is_in(guest) and profile.name == "New member"


def test_the_door_offers_only_what_is_configured(provider, guest):
    page = guest.get("/accounts/login/").content.decode()
    assert "Company" in page and "GitHub" not in page


def test_a_provider_nobody_configured_is_not_there(guest, db):
    for path in ("/accounts/github/login/", "/accounts/google/login/callback/", "/accounts/oidc/oidc/login/"):
        assert guest.get(path).status_code == 404


def test_nothing_is_connected_while_ones_own_address_is_not_verified(provider, come_by, alice, sign_in):
    browser = sign_in(alice)
    alice.user.emailaddress_set.update(verified=False)
    come_by(browser, process="connect")
    assert not alice.user.socialaccount_set.exists()
