"""Cells for spreadsheets, which run what looks like a formula."""

from __future__ import annotations

from decimal import Decimal

# Some spreadsheets also take the full-width signs for the plain ones.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: object) -> str:
    """Return `value` as text that no spreadsheet takes for a formula: it begins with an apostrophe.

    Numbers stay numbers.
    """
    text = str(value)
    is_number = isinstance(value, int | Decimal)
    return f"'{text}" if not is_number and text.lstrip(" ").startswith(STARTS_FORMULA) else text
