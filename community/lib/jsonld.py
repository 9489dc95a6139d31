"""Facts for search engines, as JSON-LD in a page's head: data, never run."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

_ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
# What JSON may hold but XML and terminals choke on, and halves of characters, which no encoding writes.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """Return text without control characters."""
    return _UNSEEN.sub(" ", text)


def script(*things: dict[str, Any]) -> SafeString:
    """Return the element that holds these things; nothing in them can end it."""
    if not things:
        return SafeString("")
    graph = [{"@context": "https://schema.org", **_filled(thing)} for thing in things]
    text = json.dumps(graph[0] if len(graph) == 1 else graph, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(f'<script type="application/ld+json">{visible(text).translate(_ESCAPES)}</script>')  # noqa: S308


def breadcrumbs(*steps: tuple[str, str]) -> dict[str, Any]:
    """Return the way to a page as (name, path), the page itself last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": visible(str(name)),
                "item": f"{settings.SITE_URL}{path}",
            }
            for place, (name, path) in enumerate(steps, 1)
        ],
    }


def cut(text: str, length: int) -> str:
    """Return the beginning of a text, whole words, without a sign that it goes on: it must stand on the page like that."""
    text = " ".join(visible(text).split())
    if len(text) <= length:
        return text
    head = text[: length + 1].rpartition(" ")[0]
    return head or text[:length]


def _filled(thing: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if value not in (None, "", [], ())}


def person(name: str, path: str | None) -> dict[str, Any]:
    """Return somebody by name, with their page where they have one."""
    one: dict[str, Any] = {"@type": "Person", "name": visible(name) or "?"}
    return {**one, "url": f"{settings.SITE_URL}{path}"} if path else one


def interactions(**counts: int) -> Sequence[dict[str, Any]]:
    """Return how often people did something: LikeAction=3."""
    return [
        {
            "@type": "InteractionCounter",
            "interactionType": f"https://schema.org/{kind}",
            "userInteractionCount": count,
        }
        for kind, count in counts.items()
    ]
