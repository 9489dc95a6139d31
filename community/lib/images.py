"""Pictures people give us, decided by their bytes and drawn anew: what leaves here holds pixels and nothing else.

No name, no declared type and no metadata is believed or kept. Size is read from the header before a pixel is decoded.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps, ImageSequence

from community.lib.phrases import later as _
from community.lib.phrases import say

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_WHOLE_PIXELS = 25_000_000
"""For all but JPEG, which can be decoded at half size: the others stand in memory whole, several times."""
MAX_SIDE = 20_000
STORED_SIDE = 4_096
MAX_FRAMES = 300
MAX_ANIMATED_PIXELS = 30_000_000
"""Pixels of all frames together."""
THUMBNAIL_WIDTHS = (320, 640, 1280)
AVATAR_SIZE = 96
HEAVY_PIXELS = 4_000_000
MAX_PROFILE_BYTES = 1024 * 1024

_SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    "PNG": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "JPEG": lambda head: head.startswith(b"\xff\xd8\xff"),
    "GIF": lambda head: head[:6] in (b"GIF87a", b"GIF89a"),
    "WEBP": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "AVIF": lambda head: head[4:8] == b"ftyp" and any(brand in head[8:64] for brand in (b"avif", b"avis")),
}
# What a picture is stored as. AVIF takes seconds to write; WebP is read as widely and is as small.
_STORED_AS = {"PNG": "PNG", "JPEG": "JPEG", "GIF": "GIF", "WEBP": "WEBP", "AVIF": "WEBP"}
_TYPES = {
    "PNG": ("image/png", "png"),
    "JPEG": ("image/jpeg", "jpg"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
}
_TOO_BIG = _("This image has %(size)s MB; images can have %(limit)s MB.")
_TOO_MANY_PIXELS = _("This image is %(width)s × %(height)s pixels, which is more than we can take in. Make it smaller first.")
_TOO_LONG = _("This animation is too long. Make it shorter or smaller, or link to it.")
_DAMAGED = _("This image is damaged or incomplete. Save it again and try once more.")
_EMPTY = _("This file is empty.")
_UNKNOWN = _("This file is not an image we can show. Use PNG, JPEG, WebP, GIF or AVIF.")
_SVG = _("SVG drawings can hold scripts, so we do not take them. Save it as PNG and try again.")
_HEIC = _("HEIC photos cannot be shown in most browsers. Save it as JPEG and try again.")
_PDF = _("This is a PDF, not an image. Take a screenshot of the page, or link to the file.")
_VIDEO = _("This is a video, not an image. Link to it instead.")

# One big picture at a time in a process: 25 megapixels take some 300 MB while they are worked on.
_heavy_work = threading.Semaphore(1)


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


def prepare(file: BinaryIO | bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Prepared:
    """Return the picture in `file` re-encoded, upright, without metadata, at most 4,096 pixels a side.

    Raises ImageRefused for what is not a sound PNG, JPEG, WebP, GIF or AVIF, or is too big in bytes, pixels or frames.
    """
    with _opened(file, max_bytes, max_pixels) as (image, kind):
        durations = _durations(image) if _moves(image, kind) else []
        stored = _STORED_AS[kind]
        moving = len(durations) > 1
        still = _drawn(_upright(image.copy() if moving else image, STORED_SIDE))
        data = _encode_animation(image, stored, durations) if moving else _encode(still, stored)
        thumbnails = _thumbnails(still)
    return Prepared(
        stored, *_TYPES[stored], still.width, still.height, data, thumbnails, hashlib.sha256(data).hexdigest(), moving
    )


def square_avatar(
    file: BinaryIO | bytes, *, size: int = AVATAR_SIZE, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> dict[int, bytes]:
    """Return {size: WebP, 2 × size: WebP} of the middle of the picture, transparency kept. Raises ImageRefused."""
    with _opened(file, max_bytes, max_pixels) as (image, _kind):
        still = _drawn(_upright(image, size * 8))
        return {side: _encode(ImageOps.fit(still, (side, side), Image.Resampling.LANCZOS), "WEBP") for side in (size, size * 2)}


@contextmanager
def _opened(file: BinaryIO | bytes, max_bytes: int, max_pixels: int) -> Iterator[tuple[Image.Image, str]]:
    """Open a picture whose kind and size are allowed; whatever goes wrong inside is a refusal."""
    data = file if isinstance(file, bytes) else file.read(max_bytes + 1)
    if not data:
        raise ImageRefused(_EMPTY)
    if len(data) > max_bytes:
        size = getattr(file, "size", len(data))
        raise ImageRefused(_TOO_BIG, size=-(-size // (1024 * 1024)), limit=max_bytes // (1024 * 1024))
    kind = next((name for name, fits in _SIGNATURES.items() if fits(data[:64])), None)
    if kind is None:
        raise ImageRefused(_why_not(data))
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            width, height = image.size
            allowed = max_pixels if kind == "JPEG" else min(max_pixels, MAX_WHOLE_PIXELS)
            if width * height > allowed or max(width, height) > MAX_SIDE:
                raise ImageRefused(_TOO_MANY_PIXELS, width=width, height=height)
            if width * height < HEAVY_PIXELS and not _moves(image, kind):
                yield image, kind
            else:
                with _heavy_work:
                    yield image, kind
    except ImageRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageRefused(_DAMAGED) from None
    except Exception as error:  # noqa: BLE001 - decoders fail in every way there is on hostile bytes
        raise ImageRefused(_DAMAGED) from error


def _moves(image: Image.Image, kind: str) -> bool:
    # A phone's JPEG may hold a second view or a depth map (MPO), which Pillow counts as a frame.
    return kind != "JPEG" and bool(getattr(image, "is_animated", False))


def _why_not(data: bytes) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head or head.startswith(b"<?xml"):
        return _SVG
    if data.startswith(b"%PDF"):
        return _PDF
    if data[4:8] == b"ftyp":
        return _HEIC if data[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1") else _VIDEO
    return _UNKNOWN


def _upright(image: Image.Image, side: int) -> Image.Image:
    """Decode the first frame no larger than needed, and turn it as its EXIF says."""
    if max(image.size) > side:
        # A JPEG can be decoded at half size or less, which spares most of the memory; a little below `side` is as good.
        ratio = side * 2 / 3 / max(image.size)
        image.draft(None, (round(image.width * ratio), round(image.height * ratio)))
        image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return ImageOps.exif_transpose(image)


def _drawn(image: Image.Image) -> Image.Image:
    """Return `image` as bare RGB or RGBA in sRGB."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    elif image.mode == "F":
        image = image.convert("L")
    transparent = image.has_transparency_data
    mode = "RGBA" if transparent else "RGB"
    if image.mode in ("P", "1", "LA", "PA", "La", "RGBa", "L"):
        image = image.convert(mode)
    if profile and len(profile) <= MAX_PROFILE_BYTES and image.mode in ("RGB", "RGBA", "CMYK"):
        image = _to_srgb(image, profile, mode)
    if image.mode != mode:
        image = image.convert(mode)
    bare = Image.new(mode, image.size)
    bare.paste(image)
    return bare


def _to_srgb(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """Keep the colours of wide-gamut photos when their profile goes; a profile that makes no sense changes nothing."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _encode(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        image.convert("RGB").save(out, "JPEG", quality=85, optimize=True, progressive=True)
    elif kind == "PNG":
        image.save(out, "PNG", compress_level=6 if image.width * image.height < HEAVY_PIXELS else 3)
    elif kind == "WEBP":
        image.save(out, "WEBP", quality=82, method=4 if image.width * image.height < HEAVY_PIXELS else 1)
    else:
        image.save(out, kind)
    return out.getvalue()


def _thumbnails(image: Image.Image) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    proportion = image.height / image.width
    for width in sorted(THUMBNAIL_WIDTHS, reverse=True):
        if width < image.width:
            height = max(1, round(width * proportion))
            image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
            found[width] = _encode(image, "WEBP")
    return dict(sorted(found.items()))


# --- animations ---------------------------------------------------------------------------------------
def _durations(image: Image.Image) -> list[int]:
    """Decode every frame once, so that a damaged one is found, and return how long each is shown (ms)."""
    durations: list[int] = []
    for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
        if number > MAX_FRAMES or number * image.width * image.height > MAX_ANIMATED_PIXELS:
            raise ImageRefused(_TOO_LONG)
        frame.load()  # before the duration, which some formats only know then
        durations.append(max(20, int(frame.info.get("duration") or 100)))
    image.seek(0)
    return durations


def _encode_animation(image: Image.Image, kind: str, durations: list[int]) -> bytes:
    image.seek(0)
    loop = int(image.info.get("loop") or 0)
    frames = [_drawn(frame.copy()) for frame in ImageSequence.Iterator(image)]
    transparent = any(frame.mode == "RGBA" for frame in frames)
    options: dict[str, object] = {}
    if kind == "WEBP":
        options = {"quality": 75, "method": 1}
    elif kind == "GIF" and transparent:
        options = {"disposal": 2}
    elif kind == "GIF":
        frames = [_with_palette(frame) for frame in frames]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=durations, loop=loop, **options)
    return out.getvalue()


def _with_palette(frame: Image.Image) -> Image.Image:
    """Choose 256 colours: exactly where there are no more, else by the method that is ten times as fast."""
    if frame.getcolors(256):
        return frame.quantize(256)
    return frame.quantize(256, method=Image.Quantize.FASTOCTREE)
