"""Text that looks like other text: what it can be taken for, by the table of UTS #39 (lookalikes.txt)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

# Alphabets whose letters can be taken for each other's.
ALIKE = frozenset(
    {
        "ARMENIAN",
        "CANADIAN",
        "CHEROKEE",
        "COPTIC",
        "CYRILLIC",
        "DESERET",
        "GREEK",
        "LATIN",
        "LISU",
        "OSAGE",
        "OSMANYA",
    }
)
# One picture in most fonts: l, I and 1; O and 0; rn and m; vv and w.
_SAME = (("rn", "m"), ("vv", "w"), ("l", "i"), ("1", "i"), ("|", "i"), ("0", "o"))
_NOT_WORD = re.compile(r"[\W_]+")


def skeleton(text: str) -> list[str]:
    """Return the words of `text` as what they look like: lower case, no marks, ASCII where a letter could be taken for it.

    Two texts that look alike have one skeleton. It is for comparing, never for showing.
    """
    text = _plain(_plain(text).casefold())
    for old, new in _SAME:
        text = text.replace(old, new)
    return [word for word in _NOT_WORD.split(text) if word]


def mixed_word(text: str) -> str | None:
    """Return the first word of `text` that mixes alphabets which look alike, such as Latin and Cyrillic."""
    return next((word for word in _NOT_WORD.split(text) if len(_alphabets(word)) > 1), None)


def is_deceptive_host(host: str) -> bool:
    """Say whether a host name can be taken for another: letters of two alphabets, or foreign ones that all look like ASCII.

    Names in one script are fine, and those wholly in the script of their last label.
    """
    labels = host.split(".")
    if unicodedata.normalize("NFKC", host) != host or any(
        not _is_label(label) or mixed_word(label) for label in labels
    ):
        return True
    foreign = [label for label in labels if not _alphabets(label) <= {"LATIN"}]
    return labels[-1].isascii() and any(_plain(label).isascii() for label in foreign)


def _is_label(label: str) -> bool:
    """Letters, marks and digits of any script; not the phonetic letters that no language writes and that look like ASCII."""
    return all(
        char.isascii()
        or (
            unicodedata.category(char)[0] in "LMN"
            and char not in "ɑɡ"
            and " CAPITAL " not in unicodedata.name(char, "")
        )
        for char in label
    )


def _alphabets(word: str) -> set[str]:
    return {
        name
        for char in word
        if char.isalpha() and (name := unicodedata.name(char, "").partition(" ")[0]) in ALIKE
    }


def _plain(text: str) -> str:
    table = _table()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(
        table.get(char, char) for char in decomposed if not unicodedata.combining(char) and char.isprintable()
    )


@cache
def _table() -> dict[str, str]:
    lines = (Path(__file__).with_suffix(".txt")).read_text("ascii").splitlines()
    rows = (line.split(" ") for line in lines if not line.startswith("#"))
    return {chr(int(code, 16)): looks_like for looks_like, *codes in rows for code in codes}
