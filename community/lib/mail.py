"""Mail that is read as text and as HTML: one text is written, its HTML is drawn from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypedDict

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

TEMPLATE = "email/message.html"
URL = re.compile(r"https?://\S+")
CODE = re.compile(r"[A-Z0-9]{3,8}(?:-[A-Z0-9]{3,8})*")


@dataclass(frozen=True)
class Block:
    """A part of a mail: `kind` is text, link (a line that is only an address) or code (a line that is only a code)."""

    kind: str
    text: str


def html_of(text: str, *, title: str, context: Mapping[str, object]) -> str:
    """Return the HTML of a mail from its text; the styles are inlined, nothing is loaded from elsewhere."""
    page = render_to_string(TEMPLATE, {**context, "title": title, "blocks": blocks_of(text)})
    return _inliner().inline(page)


class TextAndHtml(TypedDict):
    text: str
    html: str


def text_and_html(name: str, context: Mapping[str, object], *, footer: str = "") -> TextAndHtml:
    """Return {"text", "html"} of an e-mail from email/<name>.txt, with `footer` below it, and email/<name>.html."""
    context = {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL, **context}
    text = render_to_string(f"email/{name}.txt", context).strip("\n")
    html = _inliner().inline(render_to_string(f"email/{name}.html", context))
    return {"text": f"{text}\n\n-- \n{footer}" if footer else text, "html": html}


def blocks_of(text: str) -> list[Block]:
    """Split a text at its empty lines."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.strip())]
    return [Block(_kind(part), part) for part in parts if part]


def _kind(part: str) -> str:
    if URL.fullmatch(part):
        return "link"
    return "code" if CODE.fullmatch(part) else "text"


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, keep_style_tags=False)
