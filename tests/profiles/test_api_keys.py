"""Keys for programs: shown once, kept as a digest, refused in sentences."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from community.audit.models import LogEntry
from profiles.actions.keys import KEYS_LIMIT, create_api_key, revoke_api_key
from profiles.hooks import hooks
from profiles.models import ApiKey
from tests.conftest import PASSWORD


def me(key: str, **extra: object):
    return Client().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {key}", **extra)


def rename(key: str, name: str = "Alicia"):
    return Client().patch(
        "/api/v1/me/", {"name": name}, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {key}"
    )


def test_a_key_is_its_owner(alice):
    _row, key = create_api_key(alice.user, label="Reporter")
    answer = me(key)
    assert answer.status_code == 200 and answer.json()["email"] == "alice@example.com"
    assert rename(key).json()["name"] == "Alicia"


def test_only_the_digest_is_kept(alice):
    row, key = create_api_key(alice.user, label="Reporter")
    row.refresh_from_db()
    assert row.digest == hashlib.sha256(key.encode()).hexdigest()
    assert key.startswith(row.prefix) and len(row.prefix) == 12 and len(key) > 40
    assert not any(key in str(value) for value in vars(row).values())


def test_a_revoked_an_expired_and_an_unknown_key_get_401_and_a_sentence(alice):
    revoked, revoked_key = create_api_key(alice.user, label="Revoked")
    revoke_api_key(alice.user, revoked)
    expired, expired_key = create_api_key(
        alice.user, label="Old", expires_at=timezone.now() + timedelta(hours=1)
    )
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    for key in (revoked_key, expired_key, "hearth_made_up"):
        answer = me(key)
        assert answer.status_code == 401 and answer.json()["detail"].endswith("."), key
        assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Token abc",
        "bearer é",
        "Bearer \x00",
        "Bearer " + "k" * 5000,
        "Bearer \U0001f511",
        "é",
        "\xff\xfe",
    ],
)
def test_a_malformed_header_gets_401_and_a_sentence(header, db):
    for address in ("/api/v1/me/", "/api/v1/topics/"):
        answer = Client().get(address, HTTP_AUTHORIZATION=header)
        assert answer.status_code == 401 and answer.json()["detail"], header


def test_a_suspension_counts_on_the_next_call(alice):
    _row, key = create_api_key(alice.user, label="Reporter")
    alice.user.is_active = False
    alice.user.save(update_fields=["is_active"])
    assert me(key).status_code == 401


def test_a_restriction_written_later_counts_on_every_channel_at_once(alice, sign_in, monkeypatch):
    _row, key = create_api_key(alice.user, label="Reporter")
    browser = sign_in(alice)
    banned: set[int] = set()
    refusal = "You are banned until Monday."
    monkeypatch.setattr(hooks, "why_not_post", lambda profile: refusal if profile.pk in banned else None)
    assert rename(key, "One").status_code == 200
    banned.add(alice.pk)
    answer = rename(key, "Two")
    assert answer.status_code == 403 and answer.json()["detail"] == refusal
    form = {"name": "Three", "handle": alice.handle, "pineapple_on_pizza": "yes"}
    assert refusal in browser.post("/settings/profile/", form).content.decode()
    with pytest.raises(PermissionDenied, match="until Monday"):
        create_api_key(alice.user, label="Another")
    alice.refresh_from_db()
    assert alice.name == "One"


def test_scopes_open_what_they_name(alice):
    _row, reader = create_api_key(alice.user, label="Reader", scopes=["read"])
    _row, writer = create_api_key(alice.user, label="Writer", scopes=["write"])
    assert me(reader).status_code == 200
    refused = rename(reader)
    assert refused.status_code == 403 and "write" in refused.json()["detail"]
    assert me(writer).status_code == 403
    assert rename(writer).status_code == 200


def test_use_is_noted_once_a_minute(alice, django_assert_num_queries):
    row, key = create_api_key(alice.user, label="Reporter")
    me(key)
    row.refresh_from_db()
    used = row.last_used_at
    assert used is not None
    me(key)
    row.refresh_from_db()
    assert row.last_used_at == used
    ApiKey.objects.filter(pk=row.pk).update(last_used_at=used - timedelta(minutes=2))
    me(key)
    row.refresh_from_db()
    assert row.last_used_at > used - timedelta(minutes=1)


def test_making_and_revoking_are_recorded_without_the_key(alice):
    row, _key = create_api_key(alice.user, label="Nightly report", scopes=["write", "read"])
    revoke_api_key(alice.user, row)
    revoke_api_key(alice.user, row)
    made, revoked = LogEntry.objects.filter(target=f"api_key:{row.pk}").order_by("id")
    assert (made.action, made.actor_id) == ("api_key.created", alice.pk)
    assert made.after["scopes"] == ["read", "write"]
    assert revoked.action == "api_key.revoked"
    assert "Nightly" not in str(made.after) and made.detail.title == "Nightly report"


def test_what_is_refused(alice, bob, root):
    for fields in (
        {"label": " "},
        {"label": "a\x00b"},
        {"label": "a" * 81},
        {"label": "ok", "scopes": ["root"]},
    ):
        with pytest.raises(ValidationError):
            create_api_key(alice.user, **fields)
    row, _key = create_api_key(alice.user, label="Mine")
    with pytest.raises(PermissionDenied):
        revoke_api_key(bob.user, row)
    revoke_api_key(root.user, row)
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_there_is_a_limit(alice):
    for number in range(KEYS_LIMIT):
        create_api_key(alice.user, label=f"Key {number}")
    with pytest.raises(ValidationError, match="Revoke one first"):
        create_api_key(alice.user, label="One more")


def test_the_page_shows_a_new_key_once(alice, sign_in):
    browser = sign_in(alice)
    page = browser.post("/settings/api-keys/", {"label": "Reporter", "scopes": ["read"], "days": "30"})
    [key] = set(re.findall(r"hearth_[\w-]{30,}", page.content.decode()))
    assert page["Cache-Control"].count("no-store") == 1 or "no-store" in page["Cache-Control"]
    assert me(key).status_code == 200
    again = browser.get("/settings/api-keys/").content.decode()
    assert key not in again and key[:12] in again and "Reporter" in again

    row = ApiKey.objects.get()
    assert row.scopes == ["read"] and timedelta(days=29) < row.expires_at - timezone.now() < timedelta(
        days=31
    )
    assert browser.post(f"/settings/api-keys/{row.pk}/revoke/").status_code == 302
    assert me(key).status_code == 401


def test_somebody_elses_key_is_not_there(alice, charlie, as_):
    row, _key = create_api_key(alice.user, label="Mine")
    assert as_(charlie).post(f"/settings/api-keys/{row.pk}/revoke/").status_code == 404


def test_a_key_is_made_after_saying_who_one_is_again(alice, as_):
    browser = as_(alice)  # signed in long ago: its session remembers no sign-in
    answer = browser.post("/settings/api-keys/", {"label": "Reporter", "days": "30"})
    assert answer.status_code == 302 and answer.url.startswith("/accounts/reauthenticate/")
    assert not ApiKey.objects.exists()

    page = browser.post(answer.url, {"password": PASSWORD})
    assert page.status_code == 200 and "hearth_" in page.content.decode(), (
        "what was asked for is done at once"
    )
    assert ApiKey.objects.get().label == "Reporter"


def test_the_command_prints_the_key_alone_on_the_last_line(alice):
    out = StringIO()
    call_command("create_api_key", "Alice@example.com", "--name", "Robot", stdout=out)
    key = out.getvalue().splitlines()[-1]
    assert re.fullmatch(r"hearth_[\w-]{43}", key)
    assert me(key).status_code == 200


def test_the_command_says_when_there_is_no_such_account(db):
    with pytest.raises(CommandError, match="No account has"):
        call_command("create_api_key", "nobody@example.com", "--name", "Robot")
