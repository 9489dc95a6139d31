"""Roles that can hurt wait for a second factor where the settings ask for one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.utils import timezone

from profiles.actions.keys import create_api_key
from profiles.second_factor import is_missing
from tests.conftest import PASSWORD

GATED = ("/admin/", "/settings/api-keys/")


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def totp_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def enrol(browser: Client) -> str:
    """Set up an authenticator app through the pages; return its secret."""
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def test_privileged_pages_lead_a_moderator_to_enrolling(required, mo, sign_in):
    browser = sign_in(mo)
    for address in GATED:
        answer = browser.get(address)
        assert (answer.status_code, answer.url) == (302, "/accounts/2fa/"), address
    assert "requires two-factor authentication" in browser.get("/accounts/2fa/").content.decode()


def test_until_then_the_role_does_not_count_anywhere(required, mo, thread, sign_in):
    browser = sign_in(mo)
    answer = browser.patch(
        f"/api/v1/threads/{thread.pk}/moderation/", {"archived": True}, content_type="application/json"
    )
    assert answer.status_code == 403
    thread.refresh_from_db()
    assert thread.archived_at is None


def test_members_are_not_asked(required, alice, sign_in):
    assert sign_in(alice).get("/settings/api-keys/").status_code == 200


def test_nobody_is_asked_where_it_is_not_required(mo, sign_in):
    assert sign_in(mo).get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_enrolling_opens_the_pages_and_signs_out_sessions_without_it(required, mo, sign_in):
    old, browser = sign_in(mo), sign_in(mo)
    enrol(browser)
    for address in GATED:
        assert browser.get(address).status_code == 200, address
    assert old.get("/settings/profile/").status_code == 302
    assert "An authenticator app was added" in [
        sent.subject for sent in mail.outbox if sent.to == ["mo@example.com"]
    ]


def test_signing_in_takes_the_code_of_the_app(mo, sign_in):
    secret = enrol(sign_in(mo))
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "mo@example.com", "password": PASSWORD})
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert browser.get("/settings/profile/").status_code == 302
    wrong = browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200 and "This code is incorrect" in wrong.content.decode()
    browser.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert browser.get("/settings/profile/").status_code == 200


def test_a_recovery_code_signs_in_once(mo, sign_in):
    browser = sign_in(mo)
    enrol(browser)
    codes = browser.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    assert len(codes) == 10
    for let_in in (True, False):
        lost = Client()
        lost.post("/accounts/login/", {"login": "mo@example.com", "password": PASSWORD})
        lost.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert (lost.get("/settings/profile/").status_code == 200) is let_in


def test_a_reset_password_does_not_go_round_the_second_factor(mo, sign_in):
    enrol(sign_in(mo))
    thief = Client()
    thief.post("/accounts/password/reset/", {"email": "mo@example.com"})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = thief.get(link, follow=True)
    answer = thief.post(
        form.request["PATH_INFO"], {"password1": "stolen evening walk", "password2": "stolen evening walk"}
    )
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert thief.get("/settings/profile/").status_code == 302


def test_secrets_are_sealed_in_the_database(mo, sign_in):
    secret = enrol(sign_in(mo))
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored and stored.startswith("gAAAA")


def test_recovery_codes_alone_are_no_second_factor(required, mo):
    Authenticator.objects.create(user=mo.user, type="recovery_codes", data={})
    assert is_missing(mo.user)


def test_a_key_made_by_the_operator_keeps_its_power(required, mo, thread):
    _row, key = create_api_key(mo.user, label="Bot", expires_at=timezone.now() + timedelta(days=1))
    answer = Client().patch(
        f"/api/v1/threads/{thread.pk}/moderation/",
        {"archived": True},
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {key}",
    )
    assert answer.status_code == 200
