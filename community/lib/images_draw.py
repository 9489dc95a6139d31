"""Drawing pictures anew, in a helper process of `images`. The only code that decodes what people upload.

Size is read from the header, and scans are counted, before a pixel is decoded.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from community.lib.helper_pool import Answer
from community.lib.images import ImageRefused
from community.lib.phrases import later as _

MAX_WHOLE_PIXELS = 25_000_000
"""For all but JPEG, which can be decoded at half size: the others stand in memory whole, several times."""
MAX_SIDE = 20_000
STORED_SIDE = 4_096
MAX_FRAMES = 300
MAX_ANIMATED_PIXELS = 20_000_000
"""Pixels of all frames together."""
THUMBNAIL_WIDTHS = (320, 640, 1280)
HEAVY_PIXELS = 4_000_000
MAX_PROFILE_BYTES = 1024 * 1024
MAX_SCANS = 100
"""Passes over the pixels of a JPEG: encoders write some ten, and each takes the decoder as long as the picture is large."""

# A marker that a length follows: no fill byte, stuffed zero, restart or start of image.
_MARKER = re.compile(rb"\xff+([^\x00\x01\xff\xd0-\xd8])")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9

# What a picture is stored as. AVIF takes seconds to write; WebP is read as widely and is as small.
_STORED_AS = {"PNG": "PNG", "JPEG": "JPEG", "GIF": "GIF", "WEBP": "WEBP", "AVIF": "WEBP"}
_TYPES = {
    "PNG": ("image/png", "png"),
    "JPEG": ("image/jpeg", "jpg"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
}
_TOO_MANY_PIXELS = _(
    "This image is %(width)s × %(height)s pixels, which is more than we can take in. Make it smaller first."
)
_TOO_LONG = _("This animation is too long. Make it shorter or smaller, or link to it.")
_DAMAGED = _("This image is damaged or incomplete. Save it again and try once more.")
_TOO_MANY_SCANS = _("This JPEG is stored in too many layers. Save it again as a plain JPEG or PNG.")


def warm_up() -> None:
    """Load the decoders."""
    Image.init()


def work(question: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Draw the picture in `blobs`, as `question["do"]` says; a refusal goes back as its sentence."""
    try:
        with _opened(blobs[0], question["kind"], question["max_pixels"]) as image:
            if question["do"] == "avatar":
                return _avatar(image, question["size"])
            return _picture(image, question["kind"])
    except ImageRefused as refused:
        return {"refused": refused.sentence, "facts": refused.facts}, []


def count_scans(data: bytes) -> int:
    """Return how many scans the JPEG `data` has, by its markers; stops counting past MAX_SCANS."""
    position, found = 2, 0
    while found <= MAX_SCANS and (marker := _MARKER.search(data, position)):
        if data[marker.start(1)] == _END_OF_IMAGE:
            break
        found += data[marker.start(1)] == _START_OF_SCAN
        position = marker.end() + max(2, int.from_bytes(data[marker.end() : marker.end() + 2]))
    return found


def _picture(image: Image.Image, kind: str) -> Answer:
    stored = _STORED_AS[kind]
    frames, durations = _frames(image) if _moves(image, kind) else ([], [])
    moving = len(frames) > 1
    if moving:
        still = _upright(frames[0], STORED_SIDE)
        data = _encode_animation(frames, stored, durations, int(image.info.get("loop") or 0))
    else:
        image.seek(0)
        still = _drawn(_upright(image, STORED_SIDE))
        data = _encode(still, stored)
    thumbnails = _thumbnails(still)
    content_type, extension = _TYPES[stored]
    return {
        "format": stored,
        "content_type": content_type,
        "extension": extension,
        "width": still.width,
        "height": still.height,
        "animated": moving,
        "widths": list(thumbnails),
    }, [data, *thumbnails.values()]


def _avatar(image: Image.Image, size: int) -> Answer:
    still, sides = _drawn(_upright(image, size * 8)), [size, size * 2]
    return {"widths": sides}, [
        _encode(ImageOps.fit(still, (side, side), Image.Resampling.LANCZOS), "WEBP") for side in sides
    ]


@contextmanager
def _opened(data: bytes, kind: str, max_pixels: int) -> Iterator[Image.Image]:
    """Open a picture whose size is allowed; whatever goes wrong inside is a refusal."""
    try:
        if kind == "JPEG" and count_scans(data) > MAX_SCANS:
            raise ImageRefused(_TOO_MANY_SCANS)
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            width, height = image.size
            allowed = max_pixels if kind == "JPEG" else min(max_pixels, MAX_WHOLE_PIXELS)
            if width * height > allowed or max(width, height) > MAX_SIDE:
                raise ImageRefused(_TOO_MANY_PIXELS, width=width, height=height)
            yield image
    except (ImageRefused, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - decoders fail in every way there is on hostile bytes
        raise ImageRefused(_DAMAGED) from error


def _moves(image: Image.Image, kind: str) -> bool:
    # A phone's JPEG may hold a second view or a depth map (MPO), which Pillow counts as a frame.
    return kind != "JPEG" and bool(getattr(image, "is_animated", False))


def _upright(image: Image.Image, side: int) -> Image.Image:
    """Decode the first frame no larger than needed, and turn it as its EXIF says."""
    if max(image.size) > side:
        # A JPEG can be decoded at half size or less, which spares most of the memory; a little below `side` is as good.
        ratio = side * 2 / 3 / max(image.size)
        image.draft(None, (round(image.width * ratio), round(image.height * ratio)))
        method = (
            Image.Resampling.LANCZOS
            if image.width * image.height < HEAVY_PIXELS
            else Image.Resampling.BILINEAR
        )
        image.thumbnail((side, side), method, reducing_gap=2.0)
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
        image.save(out, "WEBP", quality=82, method=4 if image.width * image.height < HEAVY_PIXELS else 0)
    else:
        image.save(out, kind)
    return out.getvalue()


def _thumbnails(image: Image.Image) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    proportion = image.height / image.width
    for width in sorted(THUMBNAIL_WIDTHS, reverse=True):
        if width < image.width:
            height = max(1, round(width * proportion))
            gap = 3.0 if image.width * image.height < HEAVY_PIXELS else 1.5
            image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=gap)
            found[width] = _encode(image, "WEBP")
    return dict(sorted(found.items()))


# --- animations ---------------------------------------------------------------------------------------
def _frames(image: Image.Image) -> tuple[list[Image.Image], list[int]]:
    """Decode every frame once and return them drawn, and how long each is shown (ms)."""
    frames: list[Image.Image] = []
    durations: list[int] = []
    for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
        if number > MAX_FRAMES or number * image.width * image.height > MAX_ANIMATED_PIXELS:
            raise ImageRefused(_TOO_LONG)
        frames.append(_drawn(frame.copy()))  # which loads it, and some formats know the duration only then
        durations.append(max(20, int(frame.info.get("duration") or 100)))
    return frames, durations


def _encode_animation(frames: list[Image.Image], kind: str, durations: list[int], loop: int) -> bytes:
    transparent = any(frame.mode == "RGBA" for frame in frames)
    options: dict[str, object] = {}
    if kind == "WEBP":
        options = {"quality": 75, "method": 0}
    elif kind == "GIF" and transparent:
        options = {"disposal": 2}
    elif kind == "GIF":
        frames = [_with_palette(frame) for frame in frames]
    out = io.BytesIO()
    frames[0].save(
        out, kind, save_all=True, append_images=frames[1:], duration=durations, loop=loop, **options
    )
    return out.getvalue()


def _with_palette(frame: Image.Image) -> Image.Image:
    """Choose 256 colours: exactly where there are no more, else by the method that is ten times as fast."""
    if frame.getcolors(256):
        return frame.quantize(256)
    return frame.quantize(256, method=Image.Quantize.FASTOCTREE)
