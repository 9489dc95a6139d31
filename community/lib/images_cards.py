"""The picture others show beside a link to one of our pages: drawn here, from words alone."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
MARGIN, LINES = 80, 4
PAPER, INK, SOFT, EMBER, MOSS = "#fbf9f7", "#211a16", "#7b716a", "#d9541e", "#3f7a3a"
SIZES = (64, 56, 48)
DRAWABLE = 0x2000  # the font at hand draws Latin; words in other scripts are left to the page's title


def draw_card(title: str, *, above: str, below: str, solved: bool = False) -> bytes:
    """Return a PNG of 1200 × 630: a heading above, the title on at most four lines, and what stands below."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 24, HEIGHT), fill=MOSS if solved else EMBER)
    pen.text((MARGIN, 70), _one_line(above, 32), font=_font(32), fill=SOFT)
    size, lines = _fitted(title)
    for place, line in enumerate(lines):
        pen.text((MARGIN, 160 + place * (size + 18)), line, font=_font(size), fill=INK)
    _arch(pen, (MARGIN, HEIGHT - 118))
    pen.text((MARGIN + 64, HEIGHT - 108), _one_line(below, 32), font=_font(32), fill=MOSS if solved else SOFT)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _arch(pen: ImageDraw.ImageDraw, corner: tuple[int, int]) -> None:
    """Draw the hearth: an arch with a fire in it."""
    x, y = corner
    pen.pieslice((x, y, x + 44, y + 44), 180, 360, fill=INK)
    pen.rectangle((x, y + 22, x + 44, y + 52), fill=INK)
    pen.ellipse((x + 13, y + 26, x + 31, y + 48), fill=EMBER)
    pen.polygon([(x + 13, y + 36), (x + 22, y + 14), (x + 31, y + 36)], fill=EMBER)


def _fitted(title: str) -> tuple[int, list[str]]:
    """Return the largest size at which the title fits, and its lines; the smallest is cut."""
    words = _readable(title).split()
    for size in SIZES:
        lines = _wrapped(words, size)
        if len(lines) <= LINES:
            return size, lines
    return SIZES[-1], [*lines[: LINES - 1], _one_line(f"{lines[LINES - 1]} …", SIZES[-1])]


def _wrapped(words: list[str], size: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, size) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(_one_line(word, size))
    return lines


def _one_line(text: str, size: int) -> str:
    text = _readable(text)
    while _width(text, size) > WIDTH - 2 * MARGIN - 64 and len(text) > 1:
        text = text[: max(1, len(text) * 9 // 10)].rstrip(" …") + "…" if len(text) > 2 else text[:1]
    return text


def _readable(text: str) -> str:
    shown = "".join(
        char if (char.isprintable() and ord(char) < DRAWABLE) or char in "“”‘’–—…" else " "
        for char in text[:300]
    )
    return " ".join(shown.split())


def _width(text: str, size: int) -> float:
    return _font(size).getlength(text)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
