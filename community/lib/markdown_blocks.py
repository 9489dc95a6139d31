"""Markdown's block structure, read line by line as CommonMark does: quotes, lists, fences, tables.

Replaces Python-Markdown's block parser, which re-reads nested text once a level and needs blank lines where people on
GitHub leave none. Knows nothing of inline markup or HTML. Time is at most length × `MAX_DEPTH`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from community.lib.markdown_lines import (
    DETAILS,
    HEADING,
    ITEM,
    RULE,
    Laziness,
    closes_fence,
    dedent,
    measure,
    opens_fence,
    starts_block,
)
from community.lib.markdown_tables import alignments, build_table
from community.lib.markdown_urls import safe_url, upload_name

MAX_DEPTH = 10
MAX_CELLS = 4_000
MAX_REFERENCES = 500

Line = tuple[int, str]

_SETEXT = re.compile(r"(?:={3,}|-{3,})[ \t]*$")
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_REFERENCE = re.compile(
    r"\[([^\[\]^][^\[\]]{0,199})\]:[ \t]*(\S+)(?:[ \t]+(\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$"
)
_SUMMARY = re.compile(r"<summary>(.*?)</summary>[ \t]*$", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LANGUAGE = re.compile(r"\{?\.?([\w+#.-]{1,30})")


@dataclass
class Document:
    """A body's tree, still without inline markup, and where in the source its text stands."""

    root: Element = field(default_factory=lambda: Element("div"))
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    text_lines: list[list[int]] = field(default_factory=list)
    """Line numbers of each piece of inline text, so that code blocks can be told from text in the source."""


def parse(body: str) -> Document:
    """Read `body` (line ends are "\\n") into elements: `pre` carries its language as `data-language`, text is raw."""
    document = Document()
    _Container(document, document.root, list(enumerate(body.split("\n"))), 0).run()
    return document


class _Container:
    """The lines inside one quote, list item or disclosure, or the whole body."""

    def __init__(self, document: Document, parent: Element, lines: list[Line], depth: int) -> None:
        self.document, self.parent, self.lines, self.depth = document, parent, lines, depth
        self.at = 0
        self.paragraph: list[Line] = []
        self.blank_before = self.loose = False
        self._details_ends: dict[int, int] | None = None

    def run(self) -> bool:
        """Read all lines; return whether blank lines stand between the blocks (which makes a list loose)."""
        while self.at < len(self.lines):
            number, text = self.lines[self.at]
            indent, rest = measure(text)
            if not rest:
                self._flush()
                self.blank_before = True
                self.at += 1
            elif indent >= 4 and not self.paragraph:
                self._indented_code()
            elif indent >= 4 or not self._block(indent, rest):
                self.paragraph.append((number, rest))
                self.at += 1
        self._flush()
        return self.loose

    def _block(self, indent: int, rest: str) -> bool:
        rule = _RULES.get(rest[0])
        return bool(rule and any(read(self, indent, rest) for read in rule)) or (
            "|" in rest and self._table(rest)
        )

    def _add(self, tag: str, parent: Element | None = None) -> Element:
        self._flush()
        if self.blank_before and len(self.parent):
            self.loose = True
        self.blank_before = False
        return SubElement(self.parent if parent is None else parent, tag)

    def _flush(self) -> None:
        if not self.paragraph:
            return
        lines, self.paragraph = self.paragraph, []
        texts = [text.rstrip(" \t") for _, text in lines]
        # A backslash before the line break is CommonMark's hard break; here every line break is one.
        texts[:-1] = [
            text[:-1] if text.endswith("\\") and not text.endswith("\\\\") else text for text in texts[:-1]
        ]
        self._add("p").text = "\n".join(texts)
        self.document.text_lines.append([number for number, _ in lines])

    def _text_at(self, *numbers: int) -> None:
        self.document.text_lines.append(list(numbers))

    # --- code -------------------------------------------------------------------------------------
    def _fence(self, indent: int, rest: str) -> bool:
        opened = opens_fence(rest)
        if not opened:
            return False
        language = _LANGUAGE.match(rest[len(opened) :].strip())
        self.at += 1
        source = []
        while self.at < len(self.lines):
            text = self.lines[self.at][1]
            self.at += 1
            if closes_fence(text, opened):
                break
            source.append(dedent(text, indent))
        self._code(source, language[1] if language else "")
        return True

    def _indented_code(self) -> None:
        source, blanks = [], 0
        while self.at < len(self.lines):
            text = self.lines[self.at][1]
            indent, rest = measure(text)
            if rest and indent < 4:
                break
            blanks = 0 if rest else blanks + 1
            source.append(dedent(text, 4))
            self.at += 1
        self._code(source[: len(source) - blanks], "")
        self.blank_before = blanks > 0

    def _code(self, source: list[str], language: str) -> None:
        pre = self._add("pre")
        pre.set("data-language", language)
        SubElement(pre, "code").text = "\n".join(source) + "\n"

    # --- one line ---------------------------------------------------------------------------------
    def _heading(self, indent: int, rest: str) -> bool:
        match = HEADING.match(rest)
        text = (match[2] or "").strip() if match else ""
        if not match or not text.strip("#"):
            return False
        bare = text.rstrip("#")
        self._title(
            len(match[1]), bare.rstrip() if not bare or bare[-1] in " \t" else text, self.lines[self.at][0]
        )
        self.at += 1
        return True

    def _setext(self, indent: int, rest: str) -> bool:
        if len(self.paragraph) != 1 or not _SETEXT.match(rest):
            return False
        [(number, text)] = self.paragraph
        self.paragraph = []
        self._title(1 if rest[0] == "=" else 2, text.strip(), number)
        self.at += 1
        return True

    def _title(self, level: int, text: str, number: int) -> None:
        self._add(f"h{level}").text = text
        self._text_at(number)

    def _rule(self, indent: int, rest: str) -> bool:
        if not RULE.match(rest):
            return False
        self._add("hr")
        self.at += 1
        return True

    def _reference(self, indent: int, rest: str) -> bool:
        match = None if self.paragraph else _REFERENCE.match(rest)
        url = _ESCAPE.sub(r"\1", match[2].removeprefix("<").removesuffix(">")) if match else ""
        if not match or not (safe_url(url) or upload_name(url)):
            return False
        if len(self.document.references) < MAX_REFERENCES:
            title = _ESCAPE.sub(r"\1", (match[3] or "")[1:-1])
            self.document.references.setdefault(" ".join(match[1].lower().split()), (url, title))
        self.at += 1
        return True

    # --- containers -------------------------------------------------------------------------------
    def _quote(self, indent: int, rest: str) -> bool:
        if self.depth >= MAX_DEPTH:
            return False
        inner: list[Line] = []
        lazy = Laziness()
        while self.at < len(self.lines):
            number, text = self.lines[self.at]
            indent, rest = measure(text)
            if rest[:1] == ">" and indent < 4:
                text = rest[2:] if rest[1:2] == " " else rest[1:]
                lazy.feed(text)
            elif not lazy.takes(indent, rest):
                break
            inner.append((number, text))
            self.at += 1
        _Container(self.document, self._add("blockquote"), inner, self.depth + 1).run()
        return True

    def _list(self, indent: int, rest: str) -> bool:
        match = ITEM.match(rest)
        if not match or self.depth >= MAX_DEPTH or (self.paragraph and not self._may_interrupt(match, rest)):
            return False
        listing = self._add("ol" if match[2] else "ul")
        if match[2] and int(match[2]) != 1:
            listing.set("start", str(int(match[2])))
        kind, loose = match[3] or match[1], False
        while match and (match[3] or match[1]) == kind and not RULE.match(rest):
            item = SubElement(listing, "li")
            lines, blank_after = self._item_lines(indent, rest, match)
            loose |= _Container(self.document, item, lines, self.depth + 1).run()
            self.blank_before = blank_after
            if self.at >= len(self.lines):
                break
            indent, rest = measure(self.lines[self.at][1])
            match = ITEM.match(rest) if indent < 4 else None
            loose |= blank_after and bool(match) and (match[3] or match[1]) == kind  # type: ignore[index]
        self._finish_list(listing, loose)
        return True

    def _may_interrupt(self, match: re.Match[str], rest: str) -> bool:
        """In a list item any marker nests; elsewhere a year at a line's start must not become a list."""
        return bool(rest[match.end() :]) and (match[2] in (None, "1") or self.parent.tag == "li")

    def _item_lines(self, indent: int, rest: str, match: re.Match[str]) -> tuple[list[Line], bool]:
        """Return one item's lines without its indentation, and whether blank lines followed it."""
        number, text = self.lines[self.at]
        space = len(match[4].expandtabs(4))
        content = rest[match.end() :]
        padding = space if content and space <= 4 else 1
        width = indent + len(match[1]) + padding
        first = " " * (space - padding) + content if content else ""
        lines, blanks = [(number, first)], 0
        lazy = Laziness()
        lazy.feed(first)
        self.at += 1
        while self.at < len(self.lines):
            number, text = self.lines[self.at]
            columns, rest = measure(text)
            if not rest:
                blanks += 1
                if not content and len(lines) == 1:  # an item may begin with one blank line, not with two
                    self.at += 1
                    break
            elif columns >= width:
                text, blanks = dedent(text, width), 0
            elif not lazy.takes(columns, rest):
                break
            lazy.feed(text)
            lines.append((number, text))
            self.at += 1
        del lines[max(1, len(lines) - blanks) :]
        return lines, blanks > 0

    def _finish_list(self, listing: Element, loose: bool) -> None:
        tasks = False
        for item in listing:
            holder = item[0] if len(item) and item[0].tag == "p" else None
            if holder is not None and (task := _TASK.match(holder.text or "")):
                tasks = True
                item.set("class", "task")
                done = task[1] != " "
                box = Element(
                    "input",
                    {"type": "checkbox", "disabled": "disabled", "aria-label": "Done" if done else "To do"},
                )
                if done:
                    box.set("checked", "checked")
                box.tail, holder.text = " " + (holder.text or "")[task.end() :], None
                holder.insert(0, box)
            if holder is not None and not loose:
                item.text = holder.text
                item.remove(holder)
                for position, child in enumerate(list(holder)):
                    item.insert(position, child)
        if tasks:
            listing.set("class", "tasks")

    def _details(self, indent: int, rest: str) -> bool:
        match = DETAILS.match(rest)
        end = self._closing_details().get(self.at) if match and self.depth < MAX_DEPTH else None
        if not match or end is None:
            return False
        inner = self.lines[self.at + 1 : end]
        title, number = match[2], self.lines[self.at][0]
        if title is None and inner and (summary := _SUMMARY.match(inner[0][1].strip())):
            title, number = summary[1], inner[0][0]
            inner = inner[1:]
        details = self._add("details")
        if match[1]:
            details.set("open", "open")
        SubElement(details, "summary").text = (title or "").strip() or "Details"
        self._text_at(number)
        self.at = end + 1
        _Container(self.document, details, inner, self.depth + 1).run()
        return True

    def _closing_details(self) -> dict[int, int]:
        """Pair `<details>` lines with `</details>` lines, once a container."""
        if self._details_ends is None:
            self._details_ends, opened = {}, []
            for position, (_, text) in enumerate(self.lines):
                stripped = text.strip()
                if stripped[:8].lower() == "<details":
                    opened.append(position)
                elif opened and stripped.lower() == "</details>":
                    self._details_ends[opened.pop()] = position
        return self._details_ends

    def _table(self, rest: str) -> bool:
        following = self.lines[self.at + 1][1] if self.at + 1 < len(self.lines) else ""
        columns = alignments(rest, following)
        if not columns:
            return False
        rows = [rest]
        end = self.at + 2
        while end < len(self.lines) and len(rows) * len(columns) < MAX_CELLS:
            indent, row = measure(self.lines[end][1])
            if not row or indent >= 4 or starts_block(row):
                break
            rows.append(row)
            end += 1
        build_table(self._add("div"), columns, rows)
        for number, _ in [self.lines[self.at], *self.lines[self.at + 2 : end]]:
            self._text_at(number)
        self.at = end
        return True


_Reader = Callable[[_Container, int, str], bool]
_RULES: Mapping[str, tuple[_Reader, ...]] = {
    "`": (_Container._fence,),
    "~": (_Container._fence,),
    "#": (_Container._heading,),
    ">": (_Container._quote,),
    "=": (_Container._setext,),
    "-": (_Container._setext, _Container._rule, _Container._list),
    "*": (_Container._rule, _Container._list),
    "_": (_Container._rule,),
    "+": (_Container._list,),
    "[": (_Container._reference,),
    "<": (_Container._details, _Container._rule),
} | dict.fromkeys("0123456789", (_Container._list,))
