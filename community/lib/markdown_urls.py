"""Which addresses members may link to, and which pictures are ours."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

UPLOADS_PREFIX = "/media/uploads/"

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Browsers drop or trim these inside an address, so "java\tscript:" is a scheme to them.
_IGNORED = re.compile(
    r"[\x00-\x20\x7f-\xa0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)
_ALLOWED = re.compile(r"https?://[^/?#\\@]|mailto:[^/\\]+@|/(?![/\\])", re.IGNORECASE)
_UPLOAD_PATH = re.compile(r"[\w-]+(?:/[\w-]+){0,3}\.(?:png|jpe?g|webp|gif|avif)", re.ASCII)


def safe_url(value: str) -> str | None:
    """Return `value` as a link target (http, https, mailto, or a path of this site), or None if it may not be one."""
    value = _ENTITY.sub(lambda match: unescape(match[0]), value).strip()
    value = _IGNORED.sub(lambda match: "%20" if match[0] == " " else "", value)
    if not _ALLOWED.match(value):
        return None
    try:
        urlsplit(value)
    except ValueError:
        return None
    return value


def upload_name(src: str) -> str | None:
    """Return the name under uploads/ that `src` may stand for: bare, by path, or by a full address."""
    name = src.rpartition("/uploads/")[2]
    return name if _UPLOAD_PATH.fullmatch(name) else None


def is_upload_url(src: str) -> bool:
    """Whether `src` is a path under this site's own uploads."""
    return src.startswith(UPLOADS_PREFIX) and bool(_UPLOAD_PATH.fullmatch(src.removeprefix(UPLOADS_PREFIX)))
