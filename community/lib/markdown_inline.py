"""Inline markup: Python-Markdown's patterns where they are sound, ours where they are slow or too permissive."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import (
    EscapeInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.util import ETX, STX, AtomicString, Registry, code_escape

from community.lib import emoji
from community.lib.markdown_references import HANDLE_BEFORE, THREAD, TOKEN
from community.lib.markdown_urls import is_upload_url, safe_url, shown_url, upload_name

Found = tuple[Element | str | None, int | None, int | None]
NOTHING: Found = (None, None, None)

LINK_WORK = 250_000
"""Steps that link patterns take on one body; past them, brackets are shown as typed."""
MAX_LINK = 2_000
MAX_LABEL = 300

_BRACKET = re.compile(r"[\[\]]")
_LABEL = re.compile(r"\[([^\[\]]{0,300})\]")
_ESCAPED = re.compile(f"{STX}(\\d+){ETX}")


@dataclass(frozen=True)
class Resolver:
    """What a body's references stand for: data, so that rendering can be done in another process."""

    mentions: Mapping[int, tuple[str, str, str]] = field(default_factory=dict)
    """Profile id → (handle, name, URL)."""
    threads: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Thread id → (subject, URL)."""
    uploads: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    """Name under uploads/ → (URL, width, height)."""


@dataclass
class State:
    """What one rendering knows and finds."""

    resolver: Resolver | None = None
    mention_ids: dict[int, None] = field(default_factory=dict)
    thread_ids: dict[int, None] = field(default_factory=dict)
    upload_names: dict[str, None] = field(default_factory=dict)
    link_work: int = 0


def build_patterns(md: Markdown, state: State) -> Registry[InlineProcessor]:
    """Return the inline patterns in the order they are tried."""
    patterns: Registry[InlineProcessor] = Registry()
    md.ESCAPED_CHARS = list(string.punctuation)
    in_order: dict[str, InlineProcessor] = {
        "backtick": Code(r"\\.|`+", md),
        "autolink": Autolinks(_AUTOLINK, md),
        "escape": Escapes(r"\\(.)", md),
        "image_link": Images(r"!\[", md, state),
        "link": Links(r"\[", md, state),
        "bare_link": BareLinks(r"\b(?:https?://|www\.)[^\s<>`\x02\x03\"]{1,2000}", md),
        "tag": Tags(_TAG, md),
        "mention": Mentions(TOKEN, md, state),
        "thread": Threads(HANDLE_BEFORE + THREAD, md, state),
        "emoji": Emoji(r"(?<![\w:]):([a-zA-Z0-9_+-]{1,50}):(?![\w:])", md),
        "nl": SubstituteTagInlineProcessor(r"\n", "br"),
    }
    for place, (name, pattern) in enumerate(in_order.items()):
        patterns.register(pattern, name, -place)
    return patterns


def _inside(md: Markdown, tag: str) -> bool:
    return tag in md.treeprocessors["inline"].ancestors  # type: ignore[attr-defined]


def _link(href: str, text: str, **attributes: str) -> Element:
    link = Element("a", {"href": href.replace("&", "&amp;"), **attributes})
    link.text = AtomicString(code_escape(text))
    return link


class Code(InlineProcessor):
    """`code`, with CommonMark's rule that only a run of the same length closes it."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        run = m[0]
        if run[0] == "\\":
            return NOTHING
        closing = self._closing(data, m.end(), run)
        if closing < 0:
            return NOTHING
        text = data[m.end() : closing].replace("\n", " ")
        if text.strip() and text[0] == text[-1] == " ":
            text = text[1:-1]
        element = Element("code")
        element.text = AtomicString(code_escape(text))
        return element, m.start(), closing + len(run)

    @staticmethod
    def _closing(data: str, start: int, run: str) -> int:
        """Return where the next run of exactly this length stands, or -1."""
        while (found := data.find(run, start)) >= 0:
            end = found + len(run)
            if data[end : end + 1] != "`":
                return found
            while data[end : end + 1] == "`":
                end += 1
            start = end
        return -1


class Escapes(EscapeInlineProcessor):
    """`\\*` is an asterisk; an escaped ampersand begins no entity."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        return ("&amp;", m.start(), m.end()) if m[1] == "&" else super().handleMatch(m, data)


class Links(LinkInlineProcessor):
    """`[text](url "title")`, `[text][label]`, `[label][]` and `[label]`."""

    def __init__(self, pattern: str, md: Markdown, state: State) -> None:
        super().__init__(pattern, md)
        self.state = state

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        text, end, found = self.getText(data, m.end())
        if not found:
            return NOTHING
        target = self._inline_target(data, end) or self._reference(data, end, text)
        if target is None:
            return NOTHING
        url, title, end = target
        element = self.build(text, self._resolve(url), self._resolve(title))
        return (element, m.start(), end) if element is not None else NOTHING

    def build(self, text: str, url: str, title: str) -> Element | None:
        href = safe_url(url)
        if href is None:
            return None
        link = Element("a", href=href.replace("&", "&amp;"))
        if title:
            link.set("title", title)
        # A link nobody can see or hear would lead people somewhere they did not choose.
        link.text = text if text.strip() else AtomicString(code_escape(href))
        return link

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802
        """Return the text up to the bracket that closes, and the position after it. Steps from bracket to bracket."""
        depth = 1
        for bracket in _BRACKET.finditer(data, index):
            self.state.link_work += 1
            if self.state.link_work > LINK_WORK:
                break
            depth += 1 if bracket[0] == "[" else -1
            if depth == 0:
                return data[index : bracket.start()], bracket.end(), True
        return "", index, False

    def _inline_target(self, data: str, index: int) -> tuple[str, str, int] | None:
        window = data[index : index + MAX_LINK]
        if window[:1] != "(" or ")" not in window or self.state.link_work > LINK_WORK:
            return None
        url, title, length, found = self.getLink(window, 0)
        self.state.link_work += length if found else len(window)
        return (url, title or "", index + length) if found else None

    def _reference(self, data: str, index: int, text: str) -> tuple[str, str, int] | None:
        label = _LABEL.match(data, index) if data[index : index + 1] == "[" else None
        key = (label and label[1]) or text
        if len(key) > MAX_LABEL:
            return None
        target = self.md.references.get(" ".join(key.lower().split()))
        return (*target, label.end() if label else index) if target else None

    def _resolve(self, text: str) -> str:
        """Put back what earlier patterns took out: escaped characters and stashed code or links."""
        return _ESCAPED.sub(lambda match: chr(int(match[1])), self.unescape(text))


class Images(Links):
    """`![alt](name)`: a picture if it is one of our uploads, else a link to it."""

    def build(self, text: str, url: str, title: str) -> Element | None:
        alt = self._resolve(text).strip()
        name, known = upload_name(url), self.state.resolver.uploads if self.state.resolver else None
        image = Element("img", alt=alt)
        if name and known and name in known:
            source, width, height = known[name]
            self.state.upload_names[name] = None
            image.set("width", str(width))
            image.set("height", str(height))
        elif known is None and is_upload_url(url):
            source = url
        else:
            href = safe_url(url)
            return _link(href, alt or href) if href else None
        image.set("src", source)
        if title:
            image.set("title", title)
        return image


_AUTOLINK = (
    r"<((?:https?://|mailto:)[^<>\s]{1,2000}|[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-zA-Z0-9][a-zA-Z0-9.-]{0,253})>"
)


class Autolinks(InlineProcessor):
    """`<https://…>` and `<me@example.org>`."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        text = m[1]
        href = safe_url(
            text if text.lower().startswith(("http://", "https://", "mailto:")) else f"mailto:{text}"
        )
        return (_link(href, shown_url(text, href)), m.start(), m.end()) if href else NOTHING


class BareLinks(InlineProcessor):
    """`https://…` and `www.…` as people paste them, without the punctuation that follows."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        text = _without_trailing(m[0])
        href = safe_url(text if text[:4].lower() == "http" else f"https://{text}")
        if href is None or (text[:4].lower() == "www." and "." not in text[4:]):
            return NOTHING
        return _link(href, shown_url(text, href)), m.start(), m.start() + len(text)


def _without_trailing(url: str) -> str:
    """Leave out closing punctuation, emphasis marks and a bracket that was opened before the address."""
    surplus = url.count(")") - url.count("(")
    while url and (url[-1] in "?!.,:;'*_~]}" or (url[-1] == ")" and surplus > 0)):
        surplus -= url[-1] == ")"
        url = url[:-1]
    return url


_TAG = r"<(?:(br)[ ]?/?|(sub|sup|kbd|del|ins|mark|s|q|abbr)(?: title=\"([^\"<>\x02\x03]{1,200})\")?)>"


class Tags(InlineProcessor):
    """The few HTML tags that Markdown has no marks for. Any other, or one without its end, is shown as typed."""

    def __init__(self, pattern: str, md: Markdown) -> None:
        super().__init__(pattern, md)
        self.compiled_re = re.compile(pattern, re.IGNORECASE)

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        if m[1]:
            return Element("br"), m.start(), m.end()
        tag = m[2].lower()
        end = data.find(f"</{tag}>", m.end())
        if end < 0 or (m[3] and tag != "abbr"):
            return NOTHING
        element = Element(tag)
        if m[3]:
            element.set("title", m[3])
        element.text = data[m.end() : end]
        return element, m.start(), end + len(tag) + 3


class Mentions(InlineProcessor):
    """`@{42}`: the person who has that id, by the handle they have today. In a quotation it is a link, but no mention."""

    def __init__(self, pattern: str, md: Markdown, state: State) -> None:
        super().__init__(pattern, md)
        self.state = state

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        profile = int(m[1])
        known = self.state.resolver.mentions.get(profile) if self.state.resolver else None
        if known is None:
            return NOTHING
        handle, name, url = known
        if _inside(self.md, "a"):
            return f"@{handle}", m.start(), m.end()
        if not _inside(self.md, "blockquote"):
            self.state.mention_ids[profile] = None
        return _link(url, f"@{handle}", title=name, **{"class": "mention"}), m.start(), m.end()


class Threads(InlineProcessor):
    """`#123`: the thread of that number, if it exists."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, pattern: str, md: Markdown, state: State) -> None:
        super().__init__(pattern, md)
        self.state = state

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        known = self.state.resolver.threads.get(int(m[1])) if self.state.resolver else None
        if known is None:
            return NOTHING
        subject, url = known
        self.state.thread_ids[int(m[1])] = None
        words = {"title": subject} if subject else {}
        return _link(url, m[0], **words, **{"class": "reference"}), m.start(), m.end()


class Emoji(InlineProcessor):
    """`:tada:`"""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override] # noqa: N802
        characters = emoji.table().get(m[1].lower())
        return (characters, m.start(), m.end()) if characters else NOTHING
