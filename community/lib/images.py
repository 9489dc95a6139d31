"""Pictures people send: decided by their decoded bytes, never by their name, and made anew without metadata."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

T = TypeVar("T")
FORMATS = {
    "PNG": ("image/png", "png"),
    "JPEG": ("image/jpeg", "jpg"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
    "AVIF": ("image/avif", "avif"),
}
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_FRAMES = 200
MAX_ANIMATED_PIXELS = 60_000_000  # over all frames together
LONGEST_SIDE = 2560
THUMBNAIL_WIDTHS = (320, 640, 1280)
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class ImageRefused(ValueError):
    """The picture cannot be taken; its text is the sentence people read."""


@dataclass(frozen=True)
class Prepared:
    """A picture made anew. `thumbnails` are WebP bytes by width in pixels, never wider than the picture."""

    format: str
    content_type: str
    extension: str
    width: int
    height: int
    data: bytes
    thumbnails: dict[int, bytes]
    sha256: str
    animated: bool


def prepare(file: BinaryIO | bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Prepared:
    """Decode a picture and encode it again: orientation applied, metadata gone, at most `LONGEST_SIDE` pixels a side.

    Raises ImageRefused. The pixel limit is read from the header, before anything is decoded.
    """
    raw = _read(file, max_bytes)
    return _guarded(lambda: _prepare(raw, max_pixels))


def square_avatar(file: BinaryIO | bytes, *, sizes: tuple[int, ...] = (96, 192), max_bytes: int = MAX_BYTES) -> dict[int, bytes]:
    """Return the middle square of a picture as WebP bytes by side in pixels; transparency is kept."""
    raw = _read(file, max_bytes)

    def make() -> dict[int, bytes]:
        image = _open(raw, MAX_PIXELS)
        if image.format == "JPEG":
            image.draft("RGB", (max(sizes) * 2, max(sizes) * 2))
        image = _upright(image)
        return {size: _encode(ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS), "WEBP") for size in sizes}

    return _guarded(make)


def _read(file: BinaryIO | bytes, max_bytes: int) -> bytes:
    raw = file if isinstance(file, bytes) else file.read(max_bytes + 1)
    if not raw:
        raise ImageRefused(_("That file is empty."))
    if len(raw) > max_bytes:
        raise ImageRefused(_("That image is over %(size)d MB. Make it smaller and try again.") % {"size": max_bytes // 1024 // 1024})
    return raw


def _guarded(work: Callable[[], T]) -> T:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return work()
    except ImageRefused:
        raise
    except UnidentifiedImageError as error:
        raise ImageRefused(_("That is no image we can read. Use PNG, JPEG, WebP, GIF or AVIF.")) from error
    except BROKEN as error:
        raise ImageRefused(_("That image is broken or cut short.")) from error


def _open(raw: bytes, max_pixels: int) -> Image.Image:
    image = Image.open(io.BytesIO(raw), formats=list(FORMATS))
    width, height = image.size
    if width * height > max_pixels or max(width, height) > 20_000:
        raise ImageRefused(_("That image has too many pixels. Make it smaller and try again."))
    return image


def _prepare(raw: bytes, max_pixels: int) -> Prepared:
    image = _open(raw, max_pixels)
    kind = image.format or ""
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and kind in ("GIF", "WEBP", "PNG", "AVIF"):
        still, data, kind = _animation(image, frames)
        animated = True
    else:
        if kind == "JPEG":
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        still = _upright(image)
        still.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        kind = "PNG" if kind == "GIF" else kind
        data, animated = _encode(still, kind), False
    thumbnails = {width: _thumbnail(still, width) for width in THUMBNAIL_WIDTHS if width < still.width}
    content_type, extension = FORMATS[kind]
    return Prepared(
        kind, content_type, extension, still.width, still.height, data, thumbnails, hashlib.sha256(raw).hexdigest(), animated
    )


def _upright(image: Image.Image) -> Image.Image:
    image = ImageOps.exif_transpose(image)
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    plain = image.convert("RGBA" if has_alpha else "RGB")
    plain.info = {}
    return plain


def _animation(image: Image.Image, frames: int) -> tuple[Image.Image, bytes, str]:
    """Return (first frame, bytes, format) of an animation, always as WebP: small, and every browser plays it."""
    if frames > MAX_FRAMES or image.width * image.height * frames > MAX_ANIMATED_PIXELS:
        raise ImageRefused(_("That animation is too long or too large."))
    pictures, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(max(20, min(int(frame.info.get("duration", 100) or 100), 10_000)))
        picture = frame.convert("RGBA")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        picture.info = {}
        pictures.append(picture)
    out = io.BytesIO()
    pictures[0].save(out, "WEBP", save_all=True, append_images=pictures[1:], duration=durations, loop=0, quality=80, method=2)
    return pictures[0], out.getvalue(), "WEBP"


def _encode(image: Image.Image, kind: str) -> bytes:
    options: dict[str, dict[str, object]] = {
        "PNG": {"optimize": False},
        "JPEG": {"quality": 86, "progressive": True},
        "WEBP": {"quality": 86, "method": 4},
        "AVIF": {"quality": 70, "speed": 8},
    }
    out = io.BytesIO()
    picture = image.convert("RGB") if kind == "JPEG" and image.mode != "RGB" else image
    picture.save(out, kind, **options[kind])
    return out.getvalue()


def _thumbnail(image: Image.Image, width: int) -> bytes:
    small = image.copy()
    small.thumbnail((width, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _encode(small, "WEBP")
