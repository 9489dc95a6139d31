"""Pictures people give us, decided by their bytes and drawn anew: what leaves here holds pixels and nothing else.

No name, no declared type and no metadata is believed or kept. Decoding happens in helper processes: a picture is done or
refused within `DEADLINE` seconds, whatever it holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from community.lib.errors import TooMany
from community.lib.helper_pool import Answer, Busy, Crashed, HelperPool, TooSlow
from community.lib.phrases import later as _
from community.lib.phrases import say

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
AVATAR_SIZE = 96

DEADLINE = 2.75
"""Seconds a picture may take in all, so that its request is answered within three."""
QUEUE_SECONDS = 0.5
HELPERS = 2
HELPER_MEMORY = 1024 * 1024 * 1024
"""Address space a helper may take: 25 megapixels take some 500 MB while they are worked on."""
RETRY_SECONDS = 5

_SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    "PNG": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "JPEG": lambda head: head.startswith(b"\xff\xd8\xff"),
    "GIF": lambda head: head[:6] in (b"GIF87a", b"GIF89a"),
    "WEBP": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "AVIF": lambda head: head[4:8] == b"ftyp" and any(brand in head[8:64] for brand in (b"avif", b"avis")),
}
_TOO_SLOW = _("This image takes too long to process. Make it smaller, or save it as a plain JPEG or PNG.")
_TOO_HEAVY = _("This image couldn’t be processed. Make it smaller, or save it as a plain JPEG or PNG.")
_BUSY = _("Many images are being processed right now. Try again in a moment.")
_TOO_BIG = _("Upload an image of at most %(limit)s MB (now %(size)s MB).")
_EMPTY = _("This file is empty.")
_UNKNOWN = _("This image format isn’t supported. Use PNG, JPEG, WebP, GIF or AVIF.")
_SVG = _("SVG files can contain scripts, so they can’t be uploaded. Save the image as PNG and try again.")
_HEIC = _("Most browsers can’t show HEIC photos. Save the photo as JPEG and try again.")
_PDF = _("This is a PDF, not an image. Take a screenshot of the page, or link to the file.")
_VIDEO = _("This is a video, not an image. Link to it instead.")

pool = HelperPool("community.lib.images_draw", size=HELPERS, memory=HELPER_MEMORY)


class ImageRefused(ValueError):  # noqa: N818
    """A file that will not be stored; its `str` is a sentence for whoever sent it."""

    def __init__(self, sentence: str, **facts: int) -> None:
        super().__init__(sentence, facts)
        self.sentence, self.facts = sentence, facts

    def __str__(self) -> str:
        return say(self.sentence, **self.facts)


@dataclass(frozen=True)
class Prepared:
    """A picture drawn anew."""

    format: str
    content_type: str
    extension: str
    width: int
    height: int
    data: bytes
    thumbnails: dict[int, bytes]
    """Width → WebP, for widths below the picture's own; of the first frame if it moves."""
    sha256: str
    animated: bool


def prepare(
    file: BinaryIO | bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS, guest: bool = False
) -> Prepared:
    """Return the picture in `file` re-encoded, upright, without metadata, at most 4,096 pixels a side.

    Raises ImageRefused for what is not a sound PNG, JPEG, WebP, GIF or AVIF, is too big in bytes, pixels or frames, or takes
    too long; TooMany when all helpers are at work.
    """
    answer, blobs = _drawn({"do": "prepare"}, file, max_bytes, max_pixels, guest=guest)
    data, *thumbnails = blobs
    widths = answer.pop("widths")
    return Prepared(
        **answer,
        data=data,
        thumbnails=dict(zip(widths, thumbnails, strict=True)),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def square_avatar(
    file: BinaryIO | bytes,
    *,
    size: int = AVATAR_SIZE,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> dict[int, bytes]:
    """Return {size: WebP, 2 × size: WebP} of the middle of the picture, transparency kept.

    Raises ImageRefused, TooMany.
    """
    answer, blobs = _drawn({"do": "avatar", "size": size}, file, max_bytes, max_pixels)
    return dict(zip(answer["widths"], blobs, strict=True))


def _drawn(
    question: dict[str, Any], file: BinaryIO | bytes, max_bytes: int, max_pixels: int, *, guest: bool = False
) -> Answer:
    """Have a helper draw what by its size and first bytes may be a picture."""
    data = file if isinstance(file, bytes) else file.read(max_bytes + 1)
    if not data:
        raise ImageRefused(_EMPTY)
    if len(data) > max_bytes:
        size = getattr(file, "size", len(data))
        raise ImageRefused(_TOO_BIG, size=-(-size // (1024 * 1024)), limit=max_bytes // (1024 * 1024))
    kind = next((name for name, fits in _SIGNATURES.items() if fits(data[:64])), None)
    if kind is None:
        raise ImageRefused(_why_not(data))
    question |= {"kind": kind, "max_pixels": max_pixels}
    try:
        answer, blobs = pool.ask(
            question, [data], deadline=DEADLINE, queue=QUEUE_SECONDS, total=DEADLINE, guest=guest
        )
    except Busy:
        raise TooMany(say(_BUSY), retry_after=RETRY_SECONDS) from None
    except TooSlow:
        raise ImageRefused(_TOO_SLOW) from None
    except Crashed:
        raise ImageRefused(_TOO_HEAVY) from None
    if sentence := answer.get("refused"):
        raise ImageRefused(sentence, **answer["facts"])
    return answer, blobs


def _why_not(data: bytes) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head or head.startswith(b"<?xml"):
        return _SVG
    if data.startswith(b"%PDF"):
        return _PDF
    if data[4:8] == b"ftyp":
        return (
            _HEIC if data[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1") else _VIDEO
        )
    return _UNKNOWN
