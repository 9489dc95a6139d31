"""Whole pages for guests, kept as bytes and found by the versions of what they show.

A page is kept under the versions of its parts, read before it was made. A write bumps the versions of what it
changed once it is committed, so the next reader asks under a new name and an old page is never served. The
versions live in Valkey, one round trip a request; the bytes also in the process, so a hot page costs that one trip.
With Valkey away pages are made afresh. A bump that could not be sent is sent before this process uses the cache again,
and no page outlives `PAGE_CACHE_SECONDS`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from secrets import token_hex

import redis
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from community.lib import valkey
from community.lib.paths import words_under
from community.lib.signed import NotSigned, sign, unsign

GetResponse = Callable[[HttpRequest], HttpResponse]
LOCAL_PAGES = 500
GZIP_LEVEL = 4
SITE, LISTS = "site", "lists"
_REFUSES_GZIP = re.compile(r"\bgzip\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|\Z)", re.IGNORECASE)

_local: OrderedDict[str, tuple[float, bytes, bytes, dict[str, str]]] = OrderedDict()
_lock = threading.Lock()
_owed: set[str] = set()


def thread_part(slug: str) -> str:
    """Name the part of the cache that a thread's page depends on."""
    return f"t:{slug}"


def bump(*parts: str) -> None:
    """Outdate every kept page that shows one of `parts`, once the transaction is committed."""
    transaction.on_commit(partial(_bump_now, parts))


def _bump_now(parts: Iterable[str]) -> None:
    if settings.PAGE_CACHE_SECONDS <= 0 or valkey.client() is None:
        return
    _owed.update(parts)
    if valkey.ask(_send_bumps, False):
        _owed.difference_update(parts)


def _send_bumps(connection: redis.Redis) -> bool:
    pipeline = connection.pipeline(transaction=False)
    for part in list(_owed):
        pipeline.set(f"v:{part}", token_hex(8))
    pipeline.execute()
    return True


def parts_of(path: str) -> tuple[str, ...] | None:
    """Return the parts the page at `path` shows, or None when it is never kept."""
    if path in ("/", "/questions/", "/embed/questions/") or path.startswith("/questions/topic/"):
        return (SITE, LISTS)
    if path.startswith("/questions/") and path.count("/") == 3:
        slug = path[len("/questions/") : -1]
        return None if slug in words_under("questions/") else (SITE, thread_part(slug))
    return None


def middleware(get_response: GetResponse) -> GetResponse:
    """Serve guests from the cache, before sessions are looked at."""

    def handle(request: HttpRequest) -> HttpResponse:
        parts = _parts_for(request)
        if parts is None:
            return get_response(request)
        versions = _versions(parts)
        if versions is None:
            return get_response(request)
        key = _key(request, versions)
        found = _find(key)
        if found is not None:
            return _answer(request, *found)
        response = get_response(request)
        if _may_keep(request, response):
            plain = response.content
            squeezed = gzip.compress(plain, GZIP_LEVEL, mtime=0)
            headers = {name: value for name, value in response.items() if name not in PERSONAL_HEADERS}
            _keep(key, plain, squeezed, headers)
            return _answer(request, plain, squeezed, headers)
        return response

    return handle


PERSONAL_HEADERS = frozenset({"X-Request-ID", "Content-Length", "Set-Cookie"})


def _parts_for(request: HttpRequest) -> tuple[str, ...] | None:
    if settings.PAGE_CACHE_SECONDS <= 0 or request.method not in ("GET", "HEAD"):
        return None
    cookies = request.COOKIES
    if settings.SESSION_COOKIE_NAME in cookies or "HTTP_AUTHORIZATION" in request.META or "HTTP_HX_REQUEST" in request.META:
        return None
    return parts_of(request.path_info)


def _versions(parts: tuple[str, ...]) -> list[bytes | None] | None:
    if _owed and not valkey.ask(_send_bumps, False):
        return None
    _owed.clear()
    return valkey.ask(partial(_read_versions, [f"v:{part}" for part in parts]), None)


def _read_versions(names: list[str], connection: redis.Redis) -> list[bytes | None]:
    """Read versions, making the missing. None is ever used twice: whatever Valkey forgot, no page of then is found."""
    found = connection.mget(names)
    if None not in found:
        return found  # type: ignore[return-value]
    pipeline = connection.pipeline(transaction=False)
    for name, version in zip(names, found, strict=True):
        if version is None:
            pipeline.set(name, token_hex(8), nx=True)
    pipeline.mget(names)
    return pipeline.execute()[-1]  # type: ignore[no-any-return]


def _key(request: HttpRequest, versions: list[bytes | None]) -> str:
    theme = request.COOKIES.get("theme", "")
    name = repr((request.get_host(), request.get_full_path(), theme if theme in ("light", "dark") else "", versions))
    return "page:" + hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _find(key: str) -> tuple[bytes, bytes, dict[str, str]] | None:
    with _lock:
        entry = _local.get(key)
    if entry is not None and entry[0] > time.monotonic():
        return entry[1:]
    raw = valkey.ask(lambda connection: connection.get(key), None)
    if raw is None:
        return None
    try:
        first_line, _, squeezed = unsign(raw, key).partition(b"\n")
    except NotSigned:
        return None
    headers = json.loads(first_line)
    plain = gzip.decompress(squeezed)
    _remember(key, plain, squeezed, headers)
    return plain, squeezed, headers


def _remember(key: str, plain: bytes, squeezed: bytes, headers: dict[str, str]) -> None:
    with _lock:
        _local[key] = (time.monotonic() + settings.PAGE_CACHE_SECONDS, plain, squeezed, headers)
        while len(_local) > LOCAL_PAGES:
            _local.popitem(last=False)


def _keep(key: str, plain: bytes, squeezed: bytes, headers: dict[str, str]) -> None:
    _remember(key, plain, squeezed, headers)
    raw = sign(json.dumps(headers).encode() + b"\n" + squeezed, key)
    valkey.ask(lambda connection: connection.set(key, raw, ex=settings.PAGE_CACHE_SECONDS), None)


def _may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not getattr(request, "_messages_used", False)
        and "no-store" not in response.get("Cache-Control", "")
    )


def _answer(request: HttpRequest, plain: bytes, squeezed: bytes, headers: dict[str, str]) -> HttpResponse:
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    takes_gzip = "gzip" in accepted and not _REFUSES_GZIP.search(accepted)
    response = HttpResponse(squeezed if takes_gzip else plain)
    for name, value in headers.items():
        response[name] = value
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding, Cookie"
    return response
