"""Cells for spreadsheets, which run what looks like a formula."""

from __future__ import annotations

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> str:
    """Return `value` as text that no spreadsheet takes for a formula: an apostrophe stands before what might be one."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(STARTS_FORMULA) else text
