"""Lines of Markdown: what a line begins, and whether it goes on what stands above it."""

from __future__ import annotations

import re

FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*(.*)")
HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*))?$")
RULE = re.compile(r"([-_*])[ \t]*(?:\1[ \t]*){2,}$|<hr[ \t]*/?>[ \t]*$", re.IGNORECASE)
ITEM = re.compile(r"([-+*]|([0-9]{1,9})([.)]))([ \t]+|$)")
DETAILS = re.compile(r"<details( open)?>[ \t]*(?:<summary>(.*?)</summary>)?[ \t]*$", re.IGNORECASE)


def measure(text: str) -> tuple[int, str]:
    """Return the columns of leading space and the rest."""
    rest = text.lstrip(" \t")
    lead = text[: len(text) - len(rest)]
    return (len(lead.expandtabs(4)) if "\t" in lead else len(lead)), rest


def dedent(text: str, width: int) -> str:
    """Take up to `width` columns of leading space away; tabs further right stay tabs."""
    rest = text.lstrip(" \t")
    lead = text[: len(text) - len(rest)]
    if "\t" in lead[:width]:
        lead = lead.expandtabs(4)
    return lead[width:] + rest


def opens_fence(rest: str) -> str | None:
    """Return the run of marks that opens a fence, if `rest` does."""
    match = FENCE.match(rest) if rest[:1] in ("`", "~") else None
    return match[1] if match and not (match[1][0] == "`" and "`" in match[2]) else None


def closes_fence(text: str, opened: str) -> bool:
    indent, rest = measure(text)
    rest = rest.rstrip()
    return indent < 4 and len(rest) >= len(opened) and rest == opened[0] * len(rest)


def starts_block(rest: str) -> bool:
    """Whether `rest` starts something that ends a paragraph which was only going on lazily."""
    first = rest[:1]
    if first == ">":
        return True
    if first in ("`", "~"):
        return opens_fence(rest) is not None
    if first == "#":
        return bool(HEADING.match(rest))
    if first == "<":
        return bool(DETAILS.match(rest) or RULE.match(rest))
    return (first in ("-", "_", "*", "+") or first.isdigit()) and bool(RULE.match(rest) or ITEM.match(rest))


class Laziness:
    """Follows a quote's or an item's lines: may the next one go on its paragraph without the prefix?"""

    def __init__(self) -> None:
        self.fence: str | None = None
        self.paragraph_open = False

    def takes(self, indent: int, rest: str) -> bool:
        return self.paragraph_open and bool(rest) and (indent >= 4 or not starts_block(rest))

    def feed(self, text: str) -> None:
        if self.fence:
            if closes_fence(text, self.fence):
                self.fence = None
            return
        indent, rest = measure(text)
        if not rest:
            self.paragraph_open = False
        elif indent < 4 and (fence := opens_fence(rest)):
            self.fence, self.paragraph_open = fence, False
        elif indent < 4 and (HEADING.match(rest) or RULE.match(rest)):
            self.paragraph_open = False
        elif indent < 4 or self.paragraph_open:
            self.paragraph_open = True
