"""Cache whole pages for guests, as bytes, with the versions of the parts they show.

Views marked `@cached_page` are cached. The versions of a page's parts are read before it is rendered. A write bumps the
versions of the parts it changed once it is committed, so an older page no longer matches and is rendered again. Versions live
in Valkey and cost one round trip a request; the bytes are also kept in the process, so a hot page costs only that round trip.

Without Valkey every page is rendered. A bump that could not be sent is sent before this process uses the cache again, and no
page is used longer than `PAGE_CACHE_SECONDS`. Only while the database is unreachable do guests read the last rendered page,
for up to `PAGE_STALE_SECONDS` more.
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
from dataclasses import dataclass
from functools import lru_cache, partial
from secrets import token_hex
from typing import Any, TypeVar

import redis
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from community.lib import valkey
from community.lib.database.limits import outage
from community.lib.signed import NotSigned, sign, unsign

GetResponse = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])
LOCAL_PAGES = 500
# In `parts_of`; a path of a thread is shorter.
PATHS_REMEMBERED, LONGEST_PATH = 5000, 300
GZIP_LEVEL = 4
SITE, LISTS = "site", "lists"
_REFUSES_GZIP = re.compile(r"\bgzip\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """A cached page. `made_at` is in seconds since 1970, because other hosts read it."""

    made_at: float
    versions: list[str]
    headers: dict[str, str]
    squeezed: bytes
    plain: bytes

    def is_younger_than(self, seconds: float) -> bool:
        return time.time() - self.made_at < seconds


_local: OrderedDict[str, Page] = OrderedDict()
_lock = threading.Lock()
_owed: set[str] = set()


def thread_part(slug: str) -> str:
    """Name the part of the cache that a thread's page depends on."""
    return f"t:{slug}"


def bump(*parts: str) -> None:
    """Invalidate every cached page that shows one of `parts`, once the transaction is committed."""
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


def cached_page(parts: Callable[..., tuple[str, ...]]) -> Callable[[View], View]:
    """Cache a view's pages for guests. `parts` takes the view's URL arguments and returns what a page shows, besides SITE."""

    def mark(view: View) -> View:
        view.cached_parts = parts  # type: ignore[attr-defined]
        return view

    return mark


def list_parts(**arguments: object) -> tuple[str, ...]:
    """Return the parts of a page that lists threads, for `cached_page`."""
    return (LISTS,)


@lru_cache(maxsize=PATHS_REMEMBERED)
def parts_of(path: str) -> tuple[str, ...] | None:
    """Return the parts the page at `path` shows, or None when its view is not marked `@cached_page`."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    parts = getattr(found.func, "cached_parts", None)
    return None if parts is None else (SITE, *parts(**found.kwargs))


def middleware(get_response: GetResponse) -> GetResponse:
    """Serve guests from the cache, before sessions are loaded."""

    def handle(request: HttpRequest) -> HttpResponse:
        parts = _parts_for(request)
        if parts is None:
            return get_response(request)
        name, versions = _name(request), _versions(parts)
        page = _fresh(name, versions) or (_last(name) if outage.is_resting else None)
        if page is not None:
            return _answer(request, page)
        response = get_response(request)
        if response.status_code == 503 and (page := _last(name)) is not None:
            return _answer(request, page)
        if response.status_code in NO_LONGER_SHOWN:
            _forget(name)
        if versions is None or not _may_keep(request, response):
            return response
        headers = {name: value for name, value in response.items() if name not in PERSONAL_HEADERS}
        squeezed = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
        page = Page(time.time(), versions, headers, squeezed, response.content)
        _keep(name, page)
        return _answer(request, page)

    return handle


NO_LONGER_SHOWN = frozenset({301, 302, 403, 404, 410})
PERSONAL_HEADERS = frozenset({"X-Request-ID", "Content-Length", "Set-Cookie"})


def _parts_for(request: HttpRequest) -> tuple[str, ...] | None:
    if settings.PAGE_CACHE_SECONDS <= 0 or request.method not in ("GET", "HEAD"):
        return None
    cookies = request.COOKIES
    if (
        settings.SESSION_COOKIE_NAME in cookies
        or "HTTP_AUTHORIZATION" in request.META
        or "HTTP_HX_REQUEST" in request.META
    ):
        return None
    return parts_of(request.path_info) if len(request.path_info) <= LONGEST_PATH else None


def _versions(parts: tuple[str, ...]) -> list[str] | None:
    if _owed and not valkey.ask(_send_bumps, False):
        return None
    _owed.clear()
    found = valkey.ask(partial(_read_versions, [f"v:{part}" for part in parts]), None)
    # None: Valkey is unreachable, or evicted a version at that moment.
    return None if found is None or None in found else [version.decode() for version in found]  # type: ignore[union-attr]


def _read_versions(names: list[str], connection: redis.Redis) -> list[bytes | None]:
    """Read versions and create missing ones. Versions are never reused: after Valkey lost one, no older page matches."""
    found = connection.mget(names)
    if None not in found:
        return found  # type: ignore[return-value]
    pipeline = connection.pipeline(transaction=False)
    for name, version in zip(names, found, strict=True):
        if version is None:
            pipeline.set(name, token_hex(8), nx=True)
    pipeline.mget(names)
    return pipeline.execute()[-1]  # type: ignore[no-any-return]


def _name(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    name = repr((request.get_host(), request.get_full_path(), theme if theme in ("light", "dark") else ""))
    return "page:" + hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _fresh(name: str, versions: list[str] | None) -> Page | None:
    """Return the cached page if nothing it shows has changed and it is not too old."""
    if versions is None:
        return None
    for find in (_local.get, _shared):
        page = find(name)
        if (
            page is not None
            and page.versions == versions
            and page.is_younger_than(settings.PAGE_CACHE_SECONDS)
        ):
            return page
    return None


def _last(name: str) -> Page | None:
    """Return the last rendered page, for use while no new one can be rendered."""
    found = [page for page in (_local.get(name), _shared(name)) if page is not None]
    page = max(found, key=lambda page: page.made_at, default=None)
    seconds = settings.PAGE_CACHE_SECONDS + settings.PAGE_STALE_SECONDS
    return page if page is not None and page.is_younger_than(seconds) else None


def _shared(name: str) -> Page | None:
    """Return the page another process put into Valkey, and keep it in this process."""
    raw = valkey.ask(lambda connection: connection.get(name), None)
    if raw is None:
        return None
    try:
        first_line, _, squeezed = unsign(raw, name).partition(b"\n")
    except NotSigned:
        return None
    made_at, versions, headers = json.loads(first_line)
    page = Page(made_at, versions, headers, squeezed, gzip.decompress(squeezed))
    _remember(name, page)
    return page


def _remember(name: str, page: Page) -> None:
    with _lock:
        _local[name] = page
        _local.move_to_end(name)
        while len(_local) > LOCAL_PAGES:
            _local.popitem(last=False)


def _keep(name: str, page: Page) -> None:
    _remember(name, page)
    first_line = json.dumps([page.made_at, page.versions, page.headers]).encode()
    raw, seconds = (
        sign(first_line + b"\n" + page.squeezed, name),
        settings.PAGE_CACHE_SECONDS + settings.PAGE_STALE_SECONDS,
    )
    valkey.ask(lambda connection: connection.set(name, raw, ex=seconds), None)


def _forget(name: str) -> None:
    """Drop a page that guests may no longer read."""
    with _lock:
        _local.pop(name, None)
    valkey.ask(lambda connection: connection.delete(name), None)


def _may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not getattr(request, "_messages_used", False)
        and "no-store" not in response.get("Cache-Control", "")
    )


def _answer(request: HttpRequest, page: Page) -> HttpResponse:
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    takes_gzip = "gzip" in accepted and not _REFUSES_GZIP.search(accepted)
    response = HttpResponse(page.squeezed if takes_gzip else page.plain)
    for name, value in page.headers.items():
        response[name] = value
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding, Cookie"
    return response
