"""What may be a name, and the handle it gives."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

NAME_LIMIT = 160
HANDLE_LIMIT = 40
BASE_LIMIT = 30  # leaves room for the number that sets namesakes apart
HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
RESERVED = frozenset(
    {
        "abuse", "admin", "administrator", "all", "anonymous", "api", "bot", "channel", "everyone", "hearth", "help", "here",
        "me", "member", "mod", "moderator", "moderators", "noreply", "null", "official", "postmaster", "root", "security",
        "settings", "staff", "support", "system", "team", "undefined", "webmaster", "www",
    }
)  # fmt: skip
# Letters that NFKD does not take apart.
PLAIN = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
    }
)
# Control, surrogate and private; the format characters that turn or hide what follows are named below.
UNREADABLE = frozenset({"Cc", "Cs", "Co"})
TURNING = frozenset(
    "\u061c\u180e\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb"
)
# They count as letters and draw nothing.
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
MARKS_IN_A_ROW = 4


def clean_line(value: str, limit: int) -> str:
    """Return text as one readable line of at most `limit` characters.

    Raises ValidationError with a sentence.
    """
    if any(unreadable(char) and char not in "\t\r\n" for char in value):
        raise ValidationError(
            _("This text contains an invisible character. Type it again by hand."), code="unreadable"
        )
    line = unicodedata.normalize("NFC", " ".join(value.split()))
    if len(line) > limit:
        raise ValidationError(
            _("Shorten this to %(limit)d characters.") % {"limit": limit}, code="max_length"
        )
    return line


def clean_name(value: str, limit: int = NAME_LIMIT) -> str:
    """Return a name on one line, as typed but for spaces.

    Raises ValidationError for what nobody could read.
    """
    name = clean_line(value, limit)
    if name and not any(char.isalnum() and char not in BLANK_LETTERS for char in name):
        raise ValidationError(_("Use at least one letter or digit in the name."), code="no_letters")
    in_a_row = 0
    for char in name:
        in_a_row = in_a_row + 1 if unicodedata.combining(char) else 0
        if in_a_row > MARKS_IN_A_ROW:
            raise ValidationError(_("Remove some of the marks above and below the letters."), code="marks")
    return name


def unreadable(char: str) -> bool:
    """Say whether a character has no business in a line of text: it controls, turns or stands for nothing."""
    return cannot_be_shown(char) or char in TURNING


def cannot_be_shown(char: str) -> bool:
    """Say whether a character is a control, half of a pair, somebody's private one or none at all."""
    number = ord(char)
    return unicodedata.category(char) in UNREADABLE or number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF


def clean_handle(value: str) -> str:
    """Return a handle in lower case. Raises ValidationError with a sentence."""
    handle = value.strip().lower().removeprefix("@")
    if not 2 <= len(handle) <= HANDLE_LIMIT or not HANDLE.fullmatch(handle) or handle.isdigit():
        sentence = _(
            "Use 2 to %(limit)d letters a to z, digits, hyphens and underscores, with a letter or digit at both ends."
        )
        raise ValidationError(sentence % {"limit": HANDLE_LIMIT}, code="invalid")
    if handle in RESERVED:
        raise ValidationError(_("This handle is reserved. Choose another."), code="reserved")
    return handle


def handle_base(name: str) -> str:
    """Return the handle a name asks for: its letters without accents; `member` for names in other scripts."""
    plain = unicodedata.normalize("NFKD", name.translate(PLAIN)).encode("ascii", "ignore").decode()
    base = slugify(plain).replace("_", "-")[:BASE_LIMIT].strip("-")
    return base if len(base) > 1 and not base.isdigit() and base not in RESERVED else "member"
