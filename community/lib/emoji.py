"""`:tada:` and its picture, by GitHub's names."""

from __future__ import annotations

import sys
from functools import cache


@cache
def table() -> dict[str, str]:
    """Return every name (without colons, aliases included) and its characters."""
    from pymdownx import gemoji_db

    found = {
        name.strip(":"): "".join(chr(int(code, 16)) for code in entry["unicode"].split("-"))
        for name, entry in gemoji_db.emoji.items()
        if "unicode" in entry
    }
    found |= {
        alias.strip(":"): found[name.strip(":")]
        for alias, name in gemoji_db.aliases.items()
        if name.strip(":") in found
    }
    # The database's own dictionaries are eight times the size of this one.
    del sys.modules["pymdownx.gemoji_db"]
    return found
