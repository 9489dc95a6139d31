"""Data that lies beside the project, read in place; tests skip where it is absent."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")

_ACTIVE = (
    "script style iframe frame object embed applet base meta link form button textarea select svg math video audio template"
).split()
_MOVING = ("style", "srcdoc", "formaction", "srcset", "id", "name", "target", "xlink:href")


def read(name: str) -> Any:
    """The JSON of a corpus, or a list for JSON lines."""
    path = DATA / "corpora" / name
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if name.endswith("l") else json.loads(text)


@cache
def pathological() -> list[tuple[str, str]]:
    """(id, body of 30,000 characters) of what blows parsers up."""
    return [(case["id"], _build(case)[:30_000]) for case in read("markdown_pathological.jsonl")]


def _build(case: dict[str, Any]) -> str:
    """The case's shape, repeated until it fills the limit (see expand.py beside the corpus)."""
    prefix, mid, suffix, size = case.get("prefix", ""), case.get("mid", ""), case.get("suffix", ""), 30_000
    tail = case.get("unit2", "")
    room = size - len(prefix + mid + suffix)
    units = room // (2 if tail else 1) // len(case["unit"])
    if case.get("kind") == "ramp":
        parts, used, step = [], 0, 1
        while used < room:
            parts.append(case.get("ramp_pre", "") + case["unit"] * step + case.get("ramp_post", ""))
            used, step = used + len(parts[-1]), step + 1
        return prefix + "".join(parts) + suffix
    if case.get("kind") == "counter":
        body = "".join(case["unit"].replace("{i}", str(number)) for number in range(units))
    else:
        body = case["unit"] * units
    rest = max(0, room - len(body)) // len(tail) if tail else 0
    return prefix + body + mid + tail * rest + suffix


def live_markup(html: str) -> list[str]:
    """What in `html` a browser would run, load from elsewhere, or lay out by itself."""
    found = []
    for node in LexborHTMLParser(f"<div>{html}</div>").css("body *"):
        attributes = node.attributes
        if node.tag in _ACTIVE:
            found.append(f"<{node.tag}>")
        if node.tag == "input" and (attributes.get("type") != "checkbox" or "disabled" not in attributes):
            found.append(node.html or "")
        for name, value in attributes.items():
            value = (value or "").strip()
            if name.startswith("on") or name in _MOVING:
                found.append(f"{name}={value}")
            if name == "src" and not value.startswith("/media/uploads/"):
                found.append(f"src={value}")
            if name == "href":
                ours = value[:1] == "/" and value[1:2] not in ("/", "\\")
                if not ours and not value.lower().startswith(("http://", "https://", "mailto:")):
                    found.append(f"href={value}")
                if not ours and "nofollow ugc" not in (attributes.get("rel") or ""):
                    found.append(f"href without rel: {value}")
    return found
