"""From text and from what people type into a search field to words PostgreSQL compares.

Both sides pass here, so that they meet: `std::vector`, `foo_bar.baz`, C++ and 日本語 fall apart in the same way.
A name in camelCase is kept whole and also stored as its parts, behind the text so that phrases stay phrases.
Chinese, Japanese and Korean are written without spaces: each character is a word, and a run of them is looked
for as a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

TEXT_CHARACTERS = 20_000  # of a post, from its beginning
QUERY_CHARACTERS, QUERY_WORDS = 200, 16
LONGEST_WORD = 64

# Names that would be nothing but a letter without their signs.
_SIGNS = ((re.compile(r"\bc\+\+", re.I), " cplusplus "), (re.compile(r"\b([cf])#", re.I), r" \1sharp "),
          (re.compile(r"(?<!\w)\.net\b", re.I), " dotnet "))  # fmt: skip
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"  # ranges, for a class of a pattern
_CJK = re.compile(f"[{CJK}]")
_NOT_WORD = re.compile(r"[^\w\s]+|_+")
_BLOB = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_CAMEL = re.compile(r"\b(?=\w*[a-z\d][A-Z]|\w*[A-Z]{2}[a-z])[A-Za-z][A-Za-z\d]+\b")
_HUMP = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN = re.compile(r'-?"[^"]*"?|\S+')


def searchable(text: str) -> str:
    """Return the words of `text` as they are indexed, at most `TEXT_CHARACTERS` of it."""
    text = _plain(text[:TEXT_CHARACTERS])
    humps = " ".join(_HUMP.sub(" ", name) for name in dict.fromkeys(_CAMEL.findall(text)))
    return f"{_apart(text)} {_apart(humps)}" if humps else _apart(text)


def web_query(text: str) -> str:
    """Return what was typed as `websearch_to_tsquery` reads it: quotes, OR and minus mean what they do
    elsewhere.
    """
    parts = []
    for minus, bare, words in _tokens(text):
        if bare == "OR":
            parts.append("OR")
        elif len(words) == 1:
            parts.append(minus + (f'"{words[0]}"' if words[0].upper() == "OR" else words[0]))
        elif words:
            parts.append(f'{minus}"{" ".join(words)}"')
    return " ".join(parts)


def wanted_words(text: str) -> list[str]:
    """Return the words of what was typed that are looked for: not those behind a minus."""
    found = [words for minus, bare, words in _tokens(text) if not minus and bare != "OR"]
    return list(dict.fromkeys(word for words in found for word in words))


def _tokens(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (minus or nothing, the token as typed, its words)."""
    for token in _TOKEN.findall(_plain(text[:QUERY_CHARACTERS]))[:QUERY_WORDS]:
        minus, bare = ("-", token[1:]) if token.startswith("-") and token[1:] else ("", token)
        yield minus, bare, _apart(bare).split()


def last_word(text: str) -> str:
    """Return the word that is still being typed, of letters and digits only; nothing where none is."""
    text = text[:QUERY_CHARACTERS]
    if not text or not text[-1].isalnum() or text.count('"') % 2:
        return ""
    tokens = text.split()
    if tokens[-1].startswith(("-", '"')) or tokens[-1] == "OR":
        return ""
    words = _apart(_plain(tokens[-1])).split()
    return words[0].lower() if len(words) == 1 and not _CJK.search(words[0]) else ""


def folded(text: str) -> str:
    """Return `text` in lower case, without accents and signs: what trigrams are compared by."""
    apart = unicodedata.normalize("NFKD", _plain(text))
    return " ".join(
        _NOT_WORD.sub(" ", "".join(char for char in apart if not unicodedata.combining(char))).lower().split()
    )


def _plain(text: str) -> str:
    text = "".join(
        char if char.isprintable() else " "
        for char in unicodedata.normalize("NFKC", text.replace("\x00", " "))
    )
    for sign, name in _SIGNS:
        text = sign.sub(name, text)
    return text


def _apart(text: str) -> str:
    return _BLOB.sub(" ", _CJK.sub(r" \g<0> ", _NOT_WORD.sub(" ", text)))
