"""Addresses of docs pages: one spelling each, and only those of sites we are embedded in."""

from __future__ import annotations

import posixpath
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.utils.translation import gettext as _

from community.lib.embedding import is_allowed

LONGEST = 500
PORTS = {"http": 80, "https": 443}


class BadPage(ValueError):
    """An address that is no page of a docs site; its text is a sentence for the person."""


def page_url(given: str, *, site: str = "") -> str:
    """Return the one spelling of a page's address: no query, fragment, final slash or index file, names in
    lower case.

    `given` may be a path, which stands on the origin `site`. Raises BadPage.
    """
    try:
        parts = urlsplit(urljoin(site, given.strip()) if site else given.strip())
        port = parts.port
    except ValueError as error:
        raise BadPage(_("%(given)s is not a URL.") % {"given": given[:80]}) from error
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise BadPage(_("Enter a URL that begins with https://, not %(given)s.") % {"given": given[:80]})
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port in (None, PORTS[parts.scheme]) else f"{host}:{port}"
    url = f"{parts.scheme}://{netloc}{quote(_path(unquote(parts.path)), safe='/~@:+,;=!$&()*-._')}"
    if len(url) > LONGEST or any(ord(char) < 32 for char in unquote(url)):
        raise BadPage(_("The page’s URL is too long or contains invalid characters."))
    return url


def _path(path: str) -> str:
    folder, name = posixpath.split(posixpath.normpath(f"/{path}").replace("//", "/", 1))
    return posixpath.join(folder, "" if name in ("index.html", "index.htm") else name).rstrip("/") or "/"


def origin_of(url: str) -> str:
    """Return scheme and host of an address as browsers send it in Origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def allowed_page(given: str, *, site: str = "") -> str:
    """Return the one spelling of a page on an allowed site. Raises BadPage."""
    url = page_url(given, site=site)
    if not is_allowed(origin_of(url)):
        raise BadPage(
            _("%(site)s isn’t one of the sites that may show questions.") % {"site": origin_of(url)[:120]}
        )
    return url
