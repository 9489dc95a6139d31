"""A stored body as mail programs can show it: few tags, whole addresses, pictures as links, and the same as plain text.

What comes in is sanitised already; what goes out is built anew from words and a short list of tags, so nothing that
slipped through can be live in a mail. The classes are those of templates/email/base.html, which are inlined later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.utils.translation import gettext as _

from community.lib.textlines import TextLines

BODY_LIMIT = 8000  # characters of one post in a mail; what is longer is read on the page

_BLOCKS = {
    "p": "p", "h1": "h3", "h2": "h3", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3", "blockquote": "blockquote", "pre": "pre",
    "ul": "ul", "ol": "ol", "li": "li", "table": "table", "tr": "tr", "td": "td", "th": "th", "summary": "p",
    "dt": "p", "dd": "p",
}  # fmt: skip
_INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "del": "del", "s": "del", "code": "code", "sub": "sub",
           "sup": "sup", "kbd": "code", "samp": "code", "a": "a"}  # fmt: skip
_CLASSES = {
    "p": "ink said", "h3": "ink said", "blockquote": "quote", "pre": "well ink", "ul": "ink list", "ol": "ink list",
    "li": "ink", "table": "grid", "td": "ink cell", "th": "ink cell", "code": "code", "a": "ember",
}  # fmt: skip
_LISTS = ("ul", "ol")
_LINES_BEFORE = {"li": 1, "tr": 1, "td": 0, "th": 0}  # others stand apart by an empty line
_SILENT = frozenset(
    {"script", "style", "svg", "math", "iframe", "object", "template", "noscript", "head", "title"}
)
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+", re.IGNORECASE)


@dataclass(frozen=True)
class MailBody:
    """The two forms of a body; `cut` when the end of it is left to the page."""

    html: str
    text: str
    cut: bool


def mail_body(html: str, *, site_url: str, limit: int = BODY_LIMIT) -> MailBody:
    """Return sanitised `html` as it can stand in a mail, at most `limit` characters of words."""
    writer = _Writer(site_url, limit)
    writer.feed(html)
    writer.close()
    return writer.result()


class _Writer(HTMLParser):
    def __init__(self, site_url: str, limit: int) -> None:
        super().__init__(convert_charrefs=True)
        self.site_url, self.left = f"{site_url}/", limit
        self.html: list[str] = []
        self.text = TextLines()
        self.numbers: list[int | None] = []  # of the open lists; None: it has no numbers
        self.open: list[tuple[str, str, str]] = []  # tag it came from, tag written, address of a link
        self.silent = 0
        self.cut = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        if self.silent or self.cut:
            return
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS or tag in _INLINE:
            self._open(tag, given)
        elif tag in ("br", "hr"):
            self.html.append(f"<{tag}>")
            self._text_break(tag)
        elif tag == "img":
            self._picture(given)
        elif tag == "input":
            self._words("☑" if "checked" in given else "☐")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        if any(one[0] == tag for one in self.open):
            while self._close() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.cut:
            self._words(data)

    def result(self) -> MailBody:
        while self.open:
            self._close()
        return MailBody("".join(self.html), self.text.result(), self.cut)

    def _open(self, tag: str, given: dict[str, str]) -> None:
        written = _BLOCKS.get(tag) or _INLINE[tag]
        href = ""
        if written == "a":
            href = self._whole(given.get("href", ""))
            written = "a" if href else ""
        elif written == "code" and any(one[1] == "pre" for one in self.open):
            written = ""
        if written:
            classes = f' class="{_CLASSES[written]}"' if written in _CLASSES else ""
            links = (
                f' href="{escape(href)}"'
                if href
                else ' dir="auto"'
                if written in ("p", "h3", "li", "blockquote")
                else ""
            )
            self.html.append(f"<{written}{classes}{links}>")
        if tag in _BLOCKS:
            self._open_text(written, given)
        self.open.append((tag, written, href))

    def _close(self) -> str:
        tag, written, href = self.open.pop()
        if written:
            self.html.append(f"</{written}>")
        if href and not self.text.ends_with(href):
            self.text.write(f" ({href})")
        if tag in _BLOCKS:
            self._close_text(written)
        return tag

    def _open_text(self, written: str, given: dict[str, str]) -> None:
        nested = written in _LISTS and bool(self.numbers)
        self.text.part(1 if nested else _LINES_BEFORE.get(written, 2))
        if written == "blockquote":
            self.text.open("> ", "> ")
        elif written in _LISTS:
            start = given.get("start", "1")
            self.numbers.append(
                None if written == "ul" else int(start) if start.isdecimal() and len(start) < 10 else 1
            )
        elif written == "li":
            mark = self._mark()
            self.text.open(mark, " " * len(mark))
        elif written in ("td", "th") and not self.text.is_new_line:
            self.text.write(" ")

    def _close_text(self, written: str) -> None:
        if written in ("blockquote", "li"):
            self.text.close()
        elif written in _LISTS:
            self.numbers.pop()
        nested = written in _LISTS and bool(self.numbers)
        self.text.part(1 if nested else _LINES_BEFORE.get(written, 2))

    def _mark(self) -> str:
        """Return what begins an item of the innermost list, and count it."""
        number = self.numbers[-1] if self.numbers else None
        if number is None:
            return "- "
        self.numbers[-1] = number + 1
        return f"{number}. "

    def _text_break(self, tag: str) -> None:
        if tag == "br":
            self.text.write("\n")
            return
        self.text.part(2)
        self.text.write("---")
        self.text.part(2)

    def _words(self, data: str) -> None:
        if len(data) > self.left:
            data, self.cut = data[: self.left].rstrip() + "…", True
        self.left -= len(data)
        self.html.append(escape(data))
        if not any(one[1] == "pre" for one in self.open):
            data = re.sub(r"\s+", " ", data) if data.strip() else ("" if "\n" in data else data)
            data = data.lstrip(" ") if self.text.is_new_line else data
        self.text.write(data)

    def _picture(self, given: dict[str, str]) -> None:
        url = self._whole(given.get("src", ""))
        name = _("Picture: %(what)s") % {"what": given["alt"]} if given.get("alt") else _("Picture")
        linked = any(one[1] == "a" for one in self.open)
        shown = (
            f'<a class="ember" href="{escape(url)}">{escape(name)}</a>'
            if url and not linked
            else escape(name)
        )
        self.html.append(shown)
        self.text.write(f"[{name}: {url}]" if url else f"[{name}]")

    def _whole(self, url: str) -> str:
        url = urljoin(self.site_url, url.strip())
        return url if _SAFE.fullmatch(url) else ""
