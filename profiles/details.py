"""What a profile's fields may hold.

Each cleaner takes anything JSON can hold and raises ValidationError with a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from community.lib.countries import COUNTRIES
from community.lib.lookalikes import is_deceptive_host
from community.lib.markdown import BodyRefused
from community.lib.markdown_pool import render_bounded
from profiles.models.profile import LINK_LABELS, TONES, Pineapple
from profiles.names import TURNING, cannot_be_shown, clean_handle, clean_line, clean_name

BIO_LIMIT = 3000
LINK_LIMIT = 300
LINK_KINDS = tuple(LINK_LABELS)
LINK_HOSTS = {"github": ("github.com",), "linkedin": ("linkedin.com",), "x": ("x.com", "twitter.com")}
NAMES_AT = {
    "github": "https://github.com/",
    "linkedin": "https://www.linkedin.com/in/",
    "x": "https://x.com/",
}
BARE_NAME = re.compile(r"(?:@|in/)?([A-Za-z0-9][\w-]{0,99})", re.ASCII)
BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)")
MASTODON_NAME = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)")


def render_bio(bio: str) -> str:
    """Return a bio as HTML. Raises ValidationError when the renderer refuses it."""
    try:
        return render_bounded(bio, limit=BIO_LIMIT).html if bio else ""
    except BodyRefused as refusal:
        raise ValidationError({"bio": [str(refusal)]}) from refusal


def clean_bio(value: Any) -> str:
    bio = _text(value).replace("\r\n", "\n").strip()
    if len(bio) > BIO_LIMIT:
        raise ValidationError(_("Shorten this to %(limit)d characters.") % {"limit": BIO_LIMIT})
    return bio


def clean_country(value: Any) -> str:
    code = _text(value).strip().upper()
    if code and code not in COUNTRIES:
        raise ValidationError(_("Enter a country code of two letters, such as NL."))
    return code


def clean_pineapple(value: Any) -> str:
    if value not in Pineapple.values:
        raise ValidationError(_("Choose yes, no or private."))
    return str(value)


def clean_choice(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("Choose true or false."))
    return value


def clean_tone(value: Any) -> int:
    if not str(value).isdecimal() or not 1 <= int(value) <= TONES:
        raise ValidationError(_("Choose one of the colours."))
    return int(value)


def clean_links(value: Any) -> dict[str, str]:
    """Return kind → URL, "" for a kind to remove."""
    if not isinstance(value, dict):
        raise ValidationError(_("Links must be an object of kinds, such as website, and URLs."))
    if any(kind not in LINK_KINDS for kind in value):
        raise ValidationError(
            _("Use only these kinds of links: %(kinds)s.") % {"kinds": ", ".join(LINK_KINDS)}
        )
    return {kind: clean_link(kind, url) for kind, url in value.items()}


def clean_link(kind: str, value: Any) -> str:
    """Return the address of a person on a kind of site, or "" for none: one that leads elsewhere is no GitHub profile.

    A name such as `ada`, `@ada` or `@ada@fosstodon.org` becomes the address it stands for.
    """
    url = clean_url(_whole(kind, _text(value).strip()))
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("mobile.")
    hosts = LINK_HOSTS.get(kind)
    own = hosts is None or any(host == one or host.endswith(f".{one}") for one in hosts)
    named = kind not in LINK_HOSTS or bool(parts.path.strip("/"))
    if url and not (own and named):
        example = {"site": LINK_LABELS[kind], "example": NAMES_AT.get(kind, "https://") + _("username")}
        raise ValidationError(
            _("Enter your %(site)s username, or a URL such as %(example)s.") % example, code="wrong_site"
        )
    if url and kind == "mastodon" and "/@" not in parts.path and "/users/" not in parts.path:
        raise ValidationError(_("Enter your Mastodon username with its server, such as @ada@fosstodon.org."))
    return url


def clean_url(value: Any) -> str:
    """Return a web address, or "" for none.

    Only http and https, with a host that says where it leads and no password.
    """
    text = unicodedata.normalize("NFC", _text(value).strip())
    if any(char in TURNING or unicodedata.category(char) == "Cf" for char in text):
        raise ValidationError(_("This URL contains an invisible character. Type it again by hand."))
    try:
        parts = urlsplit(text)
        fine = (
            parts.scheme in ("http", "https")
            and _is_host(parts.hostname)
            and "@" not in parts.netloc
            and parts.port != 0
        )
    except ValueError:
        fine = False
    if text and (
        not fine or len(text) > LINK_LIMIT or any(char.isspace() or char in "\\<>\"'`" for char in text)
    ):
        raise ValidationError(_("Enter a URL, such as https://example.com."))
    if text and is_deceptive_host(parts.hostname or ""):
        raise ValidationError(_("This URL mixes letters that look alike. Type it again in one alphabet."))
    return text


def _whole(kind: str, typed: str) -> str:
    """Return the address that a bare name, or an address without https://, stands for."""
    if "://" in typed or typed.startswith("//") or not typed:
        return typed
    if kind == "mastodon" and (found := MASTODON_NAME.fullmatch(typed)):
        return f"https://{found[2]}/@{found[1]}"
    if kind in NAMES_AT and (found := BARE_NAME.fullmatch(typed)):
        return NAMES_AT[kind] + found[1]
    return f"https://{typed}" if BARE_HOST.match(typed) else typed


def _is_host(host: str | None) -> bool:
    return bool(host) and "." in str(host).strip(".") and not any(char in str(host) for char in "%,;()[]{}|^")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError(_("Enter text."))
    for char in value:
        if char not in "\n\t\r" and cannot_be_shown(char):
            raise ValidationError(_("This text contains an invisible character. Type it again by hand."))
    return value


def _line(limit: int) -> Callable[[Any], str]:
    return lambda value: clean_line(_text(value), limit)


def _name(value: Any) -> str:
    name = clean_name(_text(value))
    if not name:
        raise ValidationError(_("Enter your name."))
    return name


CLEANERS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "handle": lambda value: clean_handle(_text(value)),
    "bio": clean_bio,
    "links": clean_links,
    "location": _line(120),
    "country": clean_country,
    "pronouns": _line(40),
    "company": _line(120),
    "company_role": _line(120),
    "pineapple_on_pizza": clean_pineapple,
    "interests": _line(300),
    "products": _line(300),
    "shows_interests": clean_choice,
    "tone": clean_tone,
}
