"""Which addresses members may link to, and which pictures are ours."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from urllib.parse import urlsplit

from community.lib.lookalikes import is_deceptive_host

UPLOADS_PREFIX = "/media/uploads/"

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Browsers drop or trim these inside an address, so "java\tscript:" is a scheme to them.
_IGNORED = re.compile(
    r"[\x00-\x20\x7f-\xa0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)
_ALLOWED = re.compile(r"https?://[^/?#\\]|mailto:[^/\\?]+@|/(?![/\\])", re.IGNORECASE)
# Scripts whose letters can be taken for Latin ones.
_LATIN_LOOKING = re.compile(
    r"[\u0370-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u1f00-\u1fff\u2c80-\u2cff"
    r"\u2de0-\u2dff\ua4d0-\ua4ff\ua640-\ua69f\uab30-\uabbf]"
)
_UPLOAD_PATH = re.compile(r"[\w-]+(?:/[\w-]+){0,3}\.(?:png|jpe?g|webp|gif|avif)", re.ASCII)


def safe_url(value: str) -> str | None:
    """Return `value` as a link target (http, https, mailto, or a path of this site), or None if it may not be one."""
    value = _ENTITY.sub(lambda match: unescape(match[0]), value).strip()
    value = _IGNORED.sub(lambda match: "%20" if match[0] == " " else "", value)
    if not _ALLOWED.match(value):
        return None
    if value[:7].lower() == "mailto:":
        return value.partition("?")[0]
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    # "https://bank.example@evil.example" and "https://bank.example\\@evil.example" go where they do not seem to.
    if "@" in parts.netloc or "\\" in parts.netloc or not (parts.hostname or value[0] == "/"):
        return None
    return value if value.isascii() or parts.netloc.isascii() else _with_ascii_host(value, parts.netloc)


def shown_url(text: str, href: str) -> str:
    """Return what a bare link shows: `text` as pasted, or where it really goes if its letters only look Latin."""
    text = _IGNORED.sub("", text)
    host = text.split("://", 1)[-1].split("/", 1)[0]
    return href if _LATIN_LOOKING.search(host) and re.search(r"[a-zA-Z]", host) else text


def shown_host(url: str) -> str:
    """Return the host a link leads to, in ASCII if its letters can be taken for others; "" when there is none."""
    try:
        host = urlsplit(url).hostname or ""
        return urlsplit(safe_url(url) or "").hostname or "" if is_deceptive_host(host) else host
    except ValueError:
        return ""


def _with_ascii_host(url: str, host: str) -> str | None:
    labels = unicodedata.normalize("NFKC", host).lower().split(".")
    try:
        ascii_host = ".".join(
            label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels
        )
    except UnicodeError:
        return None
    return url.replace(host, ascii_host, 1)


def upload_name(src: str) -> str | None:
    """Return the name under uploads/ that `src` may stand for: bare, by path, or by a full address."""
    name = src.rpartition("/uploads/")[2]
    return name if _UPLOAD_PATH.fullmatch(name) else None


def is_upload_url(src: str) -> bool:
    """Whether `src` is a path under this site's own uploads."""
    return src.startswith(UPLOADS_PREFIX) and bool(_UPLOAD_PATH.fullmatch(src.removeprefix(UPLOADS_PREFIX)))
