"""Redirects: to our own pages only, and never kept by browsers for ever."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def moved(to: str, *args: object) -> HttpResponse:
    """Answer 301 to an address or URL name, to be asked again each time.

    A browser keeps a plain 301 without end, so whatever moves away and back again would lead in a circle.
    """
    response = HttpResponsePermanentRedirect(resolve_url(to, *args))
    response["Cache-Control"] = "no-cache"
    return response


def safe_next(request: HttpRequest, default: str, *, referer: bool = True) -> str:
    """Return the path of ours to go on to, or `default`.

    It is the form's `next` field, else (with `referer`) the page the form was sent from. What is not a clean address of
    this site is passed over.
    """
    given = [request.POST.get("next", "")]
    if referer:
        given.append(request.headers.get("Referer", ""))
    for url in given:
        if path := _own_path(request, url):
            return path
    return default


def _own_path(request: HttpRequest, url: str) -> str:
    """Return `url` as path and query when it is on this site, otherwise nothing."""
    if any(char < " " or char == "\x7f" for char in url):
        return ""
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # Twice, because "http://our.host//elsewhere" is on our host and its path is not.
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ""
