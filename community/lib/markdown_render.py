"""From Markdown to safe HTML, in one pure function.

text → `markdown_blocks` (quotes, lists, fences, tables) → `markdown_inline` (Python-Markdown's inline engine with
our patterns) → `markdown_sanitize` (bleach, always last)
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import unescape
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown
from markdown.postprocessors import build_postprocessors
from markdown.treeprocessors import InlineProcessor, Treeprocessor, UnescapeTreeprocessor
from markdown.util import AtomicString, Registry, code_escape

from community.lib.markdown_blocks import parse
from community.lib.markdown_code import MAX_HIGHLIGHTED, highlight, label
from community.lib.markdown_emphasis import emphasise
from community.lib.markdown_inline import Resolver, State, build_patterns
from community.lib.markdown_references import TOKEN
from community.lib.markdown_refusal import BodyRefused, Refusal
from community.lib.markdown_sanitize import drop_unreadable
from community.lib.markdown_sanitize import sanitize as _sanitize

RENDERER_VERSION = 1
"""Raised whenever the same body would come out differently; `rerender_posts` looks at it."""
BODY_LIMIT = 30_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
_TOKEN = re.compile(TOKEN)
_DIRECTED = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "details")
_TAG = re.compile(r"<(/?)(\w+)((?:[^\"<>]|\"[^\"]*\")*+)>")
_ALT = re.compile(r" alt=\"([^\"]*)\"")
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")


@dataclass(frozen=True)
class Rendered:
    html: str
    text: str
    """The words alone, for excerpts and search; a line a block."""
    mention_ids: tuple[int, ...]
    thread_ids: tuple[int, ...]
    upload_names: tuple[str, ...]
    version: int


def render(body: str, *, resolve: Resolver | None = None, limit: int | None = BODY_LIMIT) -> Rendered:
    """Return stored `body` as HTML that is safe in a page. Unbounded in time: see `markdown_pool.render_bounded`.

    Raises BodyRefused for a body longer than `limit` characters (None: no limit, for imports).
    """
    if limit is not None and len(body) > limit:
        raise BodyRefused(Refusal.TOO_LONG, limit=limit, length=len(body))
    state = State(resolver=resolve)
    try:
        html = _convert(clean_source(body), state)
        html = _sanitize(html, [url for url, _, _ in resolve.uploads.values()] if resolve else ())
    except RecursionError:
        raise BodyRefused(Refusal.TANGLED) from None
    return Rendered(
        html,
        plain_text(html),
        tuple(state.mention_ids),
        tuple(state.thread_ids),
        tuple(state.upload_names),
        RENDERER_VERSION,
    )


def sanitize(html: str, *, image_urls: Collection[str] = ()) -> str:
    """Return imported `html` by the same rules as rendered Markdown. Links and pictures must be absolute already."""
    return _sanitize(drop_unreadable(html), image_urls)


def clean_source(body: str) -> str:
    """Return `body` with plain line ends and without characters that no one can type or see."""
    return _CONTROL.sub("", _LINE_END.sub("\n", body))


def plain_text(html: str) -> str:
    """Return the words of sanitised `html`, a line for each block; a picture is its description."""
    text = _TAG.sub(_tag_as_text, html)
    return _BREAKS.sub("\n", _SPACES.sub(" ", unescape(text))).strip()


def excerpt(text: str, length: int) -> str:
    """Return the first words of plain `text` on one line, at most `length` characters, with an ellipsis if cut."""
    line = " ".join(text[: length * 4 + 200].split())
    if len(line) <= length:
        return line
    cut = line[:length]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > length // 2 else cut[:-1]).rstrip(" ,;:.–-") + "…"


def _tag_as_text(tag: re.Match[str]) -> str:
    name = tag[2]
    if name == "img" and (alt := _ALT.search(tag[3])):
        return f" {alt[1]} "
    if name in ("td", "th"):
        return " "
    inline = ("a", "abbr", "b", "code", "del", "em", "i", "img", "input", "ins", "kbd", "mark", "q", "s", "samp", "small",
              "span", "strong", "sub", "sup", "u", "var")  # fmt: skip
    return "" if name in inline else "\n"


class _Blocks:
    """Stands where Python-Markdown expects its block parser."""

    def __init__(self, md: Markdown) -> None:
        self.md = md

    def parseDocument(self, lines: list[str]) -> ElementTree[Element]:  # noqa: N802
        document = parse("\n".join(lines))
        self.md.references.update(document.references)
        return ElementTree(document.root)


class _CodeBlocks(Treeprocessor):
    """Colours code and keeps it from the inline patterns."""

    def run(self, root: Element) -> None:
        left = MAX_HIGHLIGHTED
        for pre in root.iter("pre"):
            language, source = pre.attrib.pop("data-language"), pre[0].text or ""
            for name, value in (("tabindex", "0"), ("dir", "auto"), ("aria-label", label(language))):
                pre.set(name, value)
            left -= len(source)
            if language and left >= 0:
                pre[0].text = AtomicString(self.md.htmlStash.store(highlight(source, language)))
            else:
                pre[0].text = AtomicString(code_escape(source))


class _Emphasis(Treeprocessor):
    def run(self, root: Element) -> None:
        emphasise(root)


class _Finish(Treeprocessor):
    """What needs the whole tree: text direction, tables that scroll, links in links, mentions in what proved to be code."""

    def __init__(self, md: Markdown, state: State) -> None:
        super().__init__(md)
        self.mentions = state.resolver.mentions if state.resolver else {}

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag in _DIRECTED:
                element.set("dir", "auto")
            elif element.tag == "div" and element.get("class") == "table-scroll":
                for name, value in (("tabindex", "0"), ("role", "group"), ("aria-label", "Table")):
                    element.set(name, value)
            elif element.tag == "a":
                self._flatten(element)
            elif element.tag == "code" and element.text and self.mentions:
                element.text = AtomicString(_TOKEN.sub(self._handle, element.text))

    def _flatten(self, link: Element) -> None:
        for inner in link.iter():
            if inner.tag == "a" and inner is not link:
                inner.tag = "span"
                inner.attrib.clear()
            elif inner.tag == "img" and not inner.get("alt"):
                inner.set("alt", "picture")  # a link needs words

    def _handle(self, token: re.Match[str]) -> str:
        known = self.mentions.get(int(token[1]))
        return f"@{known[0]}" if known else token[0]


class _Markdown(Markdown):
    """Python-Markdown with our blocks and patterns: of its own, the inline engine and the serializer remain."""

    def __init__(self, state: State) -> None:
        self.state = state
        super().__init__(output_format="html")

    def build_parser(self) -> _Markdown:
        self.preprocessors = Registry()
        self.parser = _Blocks(self)  # type: ignore[assignment]
        self.inlinePatterns = build_patterns(self, self.state)  # type: ignore[assignment]
        self.treeprocessors = Registry()
        steps: dict[str, Treeprocessor] = {
            "code": _CodeBlocks(self),
            "inline": InlineProcessor(self),
            "emphasis": _Emphasis(self),
            "finish": _Finish(self, self.state),
            "unescape": UnescapeTreeprocessor(self),
        }
        for place, (name, step) in enumerate(steps.items()):
            self.treeprocessors.register(step, name, -place)
        self.postprocessors = build_postprocessors(self)
        return self


def _convert(body: str, state: State) -> str:
    """Markdown to HTML that still has to be sanitised."""
    return _Markdown(state).convert(body)
