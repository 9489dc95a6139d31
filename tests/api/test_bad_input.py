"""What no client should send: always a 4xx with a sentence, never a 500."""

import json

import pytest

from tests.api.conftest import error

THREADS = "/api/v1/threads/"
ADDRESSES = [
    "/api/v1/threads/?q=%00",
    "/api/v1/threads/?topic=%00",
    "/api/v1/threads/?cursor=%00",
    "/api/v1/threads/%00/",
    "/api/v1/topics/%00/",
    "/api/v1/topics/%ED%A0%80/",
    "/api/v1/tags/?q=%ED%A0%80",
    "/api/v1/profiles/?q=%00",
    f"/api/v1/threads/?limit={2**64}",
    f"/api/v1/threads/?page={2**64}",
    f"/api/v1/threads/{2**63}/",
    f"/api/v1/threads/{'9' * 5000}/",
    f"/api/v1/threads/{2**63 - 1}/posts/",
    f"/api/v1/posts/{2**64}/",
    f"/api/v1/profiles/{10**18}/",
    "/api/v1/threads/-1/",
    "/api/v1/threads/１/",
    "/api/v1/nowhere/",
    "/api/v1/threads",
    "/api/v1/",
    "/api/v1/threads/?format=html",
    "/api/v1/threads/?lang=%00",
]


def post(client, raw, content_type="application/json"):
    return client.generic("POST", THREADS, raw, content_type=content_type)


@pytest.mark.parametrize("url", ADDRESSES)
def test_odd_addresses_never_break_anything(guest, db, url):
    guest.raise_request_exception = False
    answer = guest.get(url)
    assert answer.status_code in (200, 400, 404)
    assert answer["Content-Type"].startswith("application/json")
    if answer.status_code != 200 and len(answer.json()) == 2:
        error(answer)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"subject": ' + b"[" * 21 + b"]" * 21 + b"}",
        b'{"subject": "\\ud800"}',
        b'{"subject": "a\\u0000b"}',
        b'{"\\u0000": 1}',
        b'{"tags": [{"x": "\\udfff"}]}',
        b'{"subject": NaN}',
        b'{"subject": ' + b"1" * 5000 + b"}",
        b'{"subject": "\xff"}',
        b'"' + b'\\"' * 200_000,
        b"[]",
        b"null",
        b'"text"',
        b"{",
        b"\x00",
    ],
    ids=lambda raw: raw[:12],
)
def test_json_that_cannot_be_read_is_refused_with_a_sentence(as_, alice, kettles, raw):
    answer = post(as_(alice), raw)
    assert answer.status_code == 400
    assert error(answer) == "parse_error"


def test_a_request_that_is_too_large_is_refused(as_, alice, kettles):
    answer = post(as_(alice), json.dumps({"subject": "x" * 600_000}))
    assert answer.status_code == 413
    assert error(answer) == "too_big"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "x",
    ],
)
def test_other_media_types_are_refused(as_, alice, kettles, content_type):
    answer = post(as_(alice), b"subject=x", content_type)
    assert answer.status_code == 415
    error(answer)


@pytest.mark.parametrize("value", [None, True, 7, 1e999, [], {}, [[]], "x" * 100_000, 2**70])
def test_values_of_the_wrong_kind_are_refused_by_field(as_, alice, thread, reply, value):
    client = as_(alice)
    for method, url, field in (
        ("put", f"{THREADS}{thread.pk}/solution/", "post"),
        ("patch", f"{THREADS}{thread.pk}/", "tags"),
        ("put", "/api/v1/topics/kettles/subscription/", "delivery"),
    ):
        if field == "tags" and value == []:
            continue
        raw = json.dumps({field: value}) if value != 1e999 else f'{{"{field}": 1e999}}'
        answer = client.generic(method.upper(), url, raw, content_type="application/json")
        assert answer.status_code == 400
        assert list(answer.json()) in ([field], ["detail", "code"])


def test_a_session_cookie_nobody_gave_out_is_a_guest(guest, db):
    for cookie in ("\x00", "a\x00b", "%00", "é", "x" * 8000, "\xf0\x9f\x92\xa5", '"\\000"'):
        answer = guest.get(THREADS, HTTP_COOKIE=f"sessionid={cookie}")
        assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer \x00", "Bearer é", "Bearer a b", "Basic eDp5", "Bearer " + "x" * 9000, "Bearer none"],
)
def test_a_key_nobody_gave_out_is_refused(guest, db, header):
    answer = guest.get(THREADS, HTTP_AUTHORIZATION=header)
    assert answer.status_code in (200, 401)
    if answer.status_code == 401:
        error(answer)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_a_method_that_is_not_there_is_said_so(as_, alice, thread, method):
    answer = getattr(as_(alice), method)("/api/v1/tags/")
    assert answer.status_code == 405
    assert error(answer) == "method_not_allowed"
    assert "GET" in answer["Allow"]


def test_errors_are_json_whatever_is_accepted(guest, db):
    answer = guest.get("/api/v1/threads/1/", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert error(answer) == "not_found"
