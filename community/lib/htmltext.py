"""The words of a mail that has only HTML. Python's own parser needs minutes for what fits into a mail; this walks it once."""

from __future__ import annotations

import re
from html import unescape

LONGEST = 800_000  # characters of HTML looked at
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
# Numbers of characters that no character has; Python refuses to count the digits of the longest.
NONSENSE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
BREAKS = frozenset({"p", "div", "br", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "pre"})
BLANK = frozenset({"p", "blockquote", "pre"})
SILENT = frozenset({"style", "script", "head", "title"})
DEEPEST_QUOTE = 5


def text_of_html(html: str) -> str:
    """Return the words; quotations become lines that begin with `>`."""
    reader = _Reader(html[:LONGEST])
    lines = "".join(reader.read()).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


class _Reader:
    """Writes words and breaks as tags and text come by. Never more than the words: no markup gets through."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.out: list[str] = []
        self.quote = self.pre = 0

    def read(self) -> list[str]:
        """Go through the HTML once; what is no tag is text."""
        html, at = self.html, 0
        comments_end = True  # an unclosed comment is looked for once, not from each of its beginnings
        while (start := html.find("<", at)) >= 0:
            self._text(html[at:start])
            end = html.find("-->", start + 4) if comments_end and html.startswith("<!--", start) else -1
            if end >= 0:
                at = end + 3
                continue
            comments_end = comments_end and not html.startswith("<!--", start)
            found = TAG.match(html, start)
            if found is None and html[start + 1 : start + 2] not in ("!", "?", "/"):
                self._text("<")
                at = start + 1
                continue
            close = html.find(">", start)
            if close < 0:
                return self.out
            at = self._tag(found[2].lower(), found[1] == "/", close + 1) if found else close + 1
        self._text(html[at:])
        return self.out

    def _tag(self, tag: str, closing: bool, after: int) -> int:
        """Take a tag in; returns where to go on."""
        if tag in SILENT and not closing:
            end = re.compile(rf"</{tag}\b", re.I).search(self.html, after)
            return end.start() if end else len(self.html)
        step = -1 if closing else 1
        if tag == "blockquote":
            self.quote = max(0, self.quote + step)
        if tag in BREAKS and not (closing and tag == "br"):
            self.out.append("\n\n" if tag in BLANK else "\n")
        if tag == "pre":
            self.pre = max(0, self.pre + step)
        if tag == "li" and not closing:
            self.out.append("\n")
            self._add("- ")
        return after

    def _text(self, raw: str) -> None:
        if raw:
            words = unescape(NONSENSE.sub("\ufffd", raw))
            self._add(words if self.pre else re.sub(r"\s+", " ", words))

    def _add(self, text: str) -> None:
        fresh = not self.out or self.out[-1].endswith("\n")
        prefix = "> " * min(self.quote, DEEPEST_QUOTE)
        if fresh and not self.pre:
            text = text.lstrip(" ")
        if text:
            self.out.append((prefix if fresh else "") + text.replace("\n", "\n" + prefix))
