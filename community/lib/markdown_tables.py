"""Tables in Markdown as GitHub reads them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

MAX_COLUMNS = 40

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*$")
_PIPE = re.compile(r"\\.|\|", re.DOTALL)
_ALIGNMENT = {(False, False): "", (True, False): "", (False, True): "cell-end", (True, True): "cell-center"}


def alignments(header: str, delimiter: str) -> list[str]:
    """Return a class (or "") for each column, or nothing if the two lines do not begin a table."""
    delimiter = delimiter.strip()
    if delimiter[:1] not in ("|", ":", "-") or not _DELIMITER.match(delimiter):
        return []
    columns = cells(delimiter)
    if len(columns) > MAX_COLUMNS or len(columns) != len(cells(header)):
        return []
    return [_ALIGNMENT[cell.startswith(":"), cell.endswith(":")] for cell in columns]


def cells(row: str) -> list[str]:
    """Split a row at its unescaped pipes; as on GitHub, an escaped pipe is a pipe even in code."""
    row = row.strip()
    cuts = [match.start() for match in _PIPE.finditer(row) if match[0] == "|"]
    found = [row[start + 1 : end].strip() for start, end in zip([-1, *cuts], [*cuts, len(row)], strict=True)]
    if row.startswith("|"):
        found = found[1:]
    if cuts and cuts[-1] == len(row) - 1:
        found = found[:-1]
    return [cell.replace("\\|", "|") for cell in found]


def build_table(scroller: Element, classes: list[str], rows: list[str]) -> None:
    """Put a table (the first row is its header) into a box that scrolls sideways on a phone."""
    scroller.set("class", "table-scroll")
    table = SubElement(scroller, "table")
    _row(SubElement(table, "thead"), "th", classes, rows[0])
    if len(rows) > 1:
        body = SubElement(table, "tbody")
        for row in rows[1:]:
            _row(body, "td", classes, row)


def _row(parent: Element, tag: str, classes: list[str], text: str) -> None:
    found = cells(text)
    row = SubElement(parent, "tr")
    for name, cell in zip(classes, found + [""] * len(classes), strict=False):
        element = SubElement(row, tag)
        element.text = cell
        if name:
            element.set("class", name)
