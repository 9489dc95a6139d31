"""What a rendered text says and shows: words, links, pictures. Code is left out: a stack trace is no advertisement."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urlsplit
from zlib import crc32

from django.conf import settings

_BARE = re.compile(
    r"(?<![\w@/.])(?:www\.|t\.me/|wa\.me/|bit\.ly/)[\w./?=&%-]+|"
    r"(?<![\w@/.-])[\w-]+\s?\[?\(?(?:\.|dot)\)?\]?\s?(?:xyz|top|click|icu|shop|vip|buzz)\b"
)
_WORD = re.compile(r"[^\W_][\w'’-]*", re.UNICODE)
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_QUIET = {"code", "pre"}
READ = 20_000  # characters looked at: nobody advertises below that, and the work stays bounded
SKETCH, COMPARED_WORDS = 48, 15


@dataclass(frozen=True)
class Link:
    """A link to somebody else's site; `label` is what it says."""

    host: str
    url: str
    label: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[list[str]] = []
        self.images = self.code = self._depth = 0
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _QUIET:
            self._depth += 1
            self.code += 1
        elif tag == "img":
            self.images += 1
        elif tag == "a" and not self._depth:
            self.links.append([given.get("href") or "", ""])
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _QUIET:
            self._depth = max(0, self._depth - 1)
        elif tag == "a":
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._depth:
            return
        self.words.append(data)
        if self._open:
            self.links[-1][1] += data


@dataclass(frozen=True)
class Text:
    """A subject and a body as a reader meets them."""

    subject: str
    said: str
    links: tuple[Link, ...]
    images: int
    code: int

    @cached_property
    def whole(self) -> str:
        return f"{self.subject}\n{self.said}"[:READ]

    @cached_property
    def words(self) -> list[str]:
        return [word.lower() for word in _WORD.findall(self.whole)]

    @cached_property
    def plain(self) -> str:
        """Lower case without tricks: no accents, invisible letters or digits that stand for letters within a word."""
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKD", self.whole.lower()))
        text = "".join(char for char in text if not unicodedata.combining(char))
        return re.sub(r"(?<!\w)[^\W\d_]{1,30}[\d@$][\w@$]*", lambda found: found[0].translate(_LEET), text)

    @cached_property
    def sketch(self) -> list[int]:
        """A small likeness of the text: the smallest hashes of its words in threes. Empty for a text too short to compare."""
        if len(self.words) < COMPARED_WORDS:
            return []
        threes = {" ".join(three) for three in zip(self.words, self.words[1:], self.words[2:], strict=False)}
        return sorted(crc32(three.encode("utf-8", "surrogatepass")) for three in threes)[:SKETCH]

    @property
    def is_disguised(self) -> bool:
        """Letters nobody sees, or alphabets mixed within a word."""
        if len(_INVISIBLE.findall(self.whole)) >= 3:
            return True
        return any(_alphabets(word) >= {"LATIN", "CYRILLIC"} for word in self.words)


def read(subject: str, html: str) -> Text:
    """Read a rendered body."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    said = " ".join("".join(reader.words).split())[:READ]
    links = [
        Link(host, url, label) for url, label in reader.links if (host := host_of(url)) and not is_ours(host)
    ]
    linked = " ".join(label for _url, label in reader.links)
    links += [
        Link(bare.split("/")[0], bare, "")
        for bare in _BARE.findall(said.lower())
        if bare not in linked.lower()
    ]
    return Text(subject, said, tuple(links), reader.images, reader.code)


def host_of(url: str) -> str:
    """Return the host of a web address, empty for anything else."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def is_ours(host: str) -> bool:
    """Say whether a host is the community's or one of its docs sites."""
    ours = {
        host_of(settings.SITE_URL),
        *(host_of(origin) for origin in getattr(settings, "EMBED_ORIGINS", ())),
    }
    return any(host == one or host.endswith(f".{one}") for one in ours if one)


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return how much of two texts is the same, 0 to 1: Jaccard's measure, estimated from their sketches."""
    if not one or not other:
        return 0.0
    both = set(one) & set(other)
    smallest = sorted(set(one) | set(other))[:SKETCH]
    return sum(1 for number in smallest if number in both) / len(smallest)


def tokens(text: Text) -> list[str]:
    """Return what the learning filter counts: words, hosts and a few facts, once each."""
    found = {word for word in text.words if 3 <= len(word) <= 24 and not word.isdigit()}
    found |= {f"host:{link.host[:60]}" for link in text.links}
    found |= {name for name, there in (("fact:link", text.links), ("fact:code", text.code)) if there}
    return sorted(found)[:300]


def _alphabets(word: str) -> set[str]:
    return {unicodedata.name(char, "?").split()[0] for char in word if char.isalpha()}
