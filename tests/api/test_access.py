"""Sessions and keys, scopes and limits."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from profiles.actions.keys import create_api_key, revoke_api_key
from profiles.models import ApiKey
from tests.api.conftest import error

ME = "/api/v1/me/"


def with_key(profile, *scopes, **options):
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(
        HTTP_AUTHORIZATION=f"Bearer {create_api_key(profile.user, label='Tool', scopes=scopes, **options)[1]}"
    )
    return client


def test_a_key_is_its_owner_and_needs_no_csrf_token(alice, thread):
    client = with_key(alice)
    assert client.get(ME).json()["id"] == alice.pk
    assert client.patch(f"/api/v1/threads/{thread.pk}/", {"tags": ["cold"]}).status_code == 200


def test_scopes_open_what_they_say(alice, thread):
    url = f"/api/v1/threads/{thread.pk}/"
    reader, writer = with_key(alice, "read"), with_key(alice, "write")
    assert reader.get(url).status_code == 200
    refused = reader.patch(url, {"tags": ["cold"]})
    assert (refused.status_code, error(refused)) == (403, "scope_missing")
    assert writer.patch(url, {"tags": ["cold"]}).status_code == 200
    assert writer.get(url).status_code == 403


def test_revoked_and_expired_keys_are_refused(alice):
    row, key = create_api_key(alice.user, label="Tool")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    assert client.get(ME).status_code == 200
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(ME).status_code == 401
    ApiKey.objects.update(expires_at=None)
    revoke_api_key(alice.user, row)
    assert client.get(ME).status_code == 401
    error(client.get("/api/v1/threads/"))


def test_a_session_needs_the_csrf_token(alice, thread):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice.user, backend="profiles.backends.ProfileBackend")
    url = f"/api/v1/threads/{thread.pk}/subscription/"
    answer = client.put(url)
    assert (answer.status_code, error(answer)) == (403, "csrf_failed")
    token = "a" * 32
    client.cookies["csrftoken"] = token
    assert client.put(url, headers={"X-CSRFToken": token}).status_code == 200


def test_no_answer_holds_an_address(as_, guest, alice, bob, thread, reply):
    for client in (guest, as_(alice)):
        for url in (
            "threads/",
            f"threads/{thread.pk}/posts/",
            "profiles/",
            f"profiles/{bob.pk}/",
            f"posts/{reply.pk}/",
        ):
            assert "@" not in client.get(f"/api/v1/{url}").content.decode()
    assert as_(alice).get(ME).json()["email"] == alice.user.email


@pytest.fixture
def low_rates(monkeypatch):
    cache.clear()
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "guest", "3/hour")
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "member", "4/hour")
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "write", "2/hour")
    yield
    cache.clear()


def test_too_often_is_refused_until_later(guest, as_, alice, kettles, low_rates):
    answers = [guest.get("/api/v1/tags/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert error(answers[-1]) == "throttled"
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert as_(alice).get("/api/v1/tags/").status_code == 200


def test_writes_have_their_own_limit(as_, alice, thread, low_rates):
    client, url = as_(alice), f"/api/v1/threads/{thread.pk}/subscription/"
    assert [client.put(url).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/v1/tags/").status_code == 200


def test_limits_hold_while_the_cache_is_away(guest, kettles, low_rates, settings):
    settings.CACHES = {
        "default": {"BACKEND": "community.lib.cache.FailOpenRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert [guest.get("/api/v1/tags/").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_answers_are_for_their_reader_alone(as_, alice, thread):
    answer = as_(alice).get(f"/api/v1/threads/{thread.pk}/")
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_heads_and_options_are_answered(guest, thread):
    assert guest.head("/api/v1/threads/").status_code == 200
    assert guest.options("/api/v1/threads/").status_code == 200
