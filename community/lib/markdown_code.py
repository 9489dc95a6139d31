"""Code blocks: Pygments' dozens of token types drawn in Hearth's few classes (static/css/code.css)."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Literal, Operator, Token
from pygments.util import ClassNotFound

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

MAX_HIGHLIGHTED = 10_000
"""Characters of a body's code that are coloured; what follows is shown plain."""

_CLASSES = {
    Token: "",
    Keyword: "hl-k",
    Keyword.Constant: "hl-s",
    Operator.Word: "hl-k",
    Literal: "hl-s",
    Comment: "hl-c",
    Comment.Preproc: "hl-k",
    Comment.PreprocFile: "hl-s",
    Generic.Heading: "hl-k",
    Generic.Subheading: "hl-k",
    Generic.Prompt: "hl-c",
    Generic.Output: "hl-c",
    Generic.Deleted: "hl-d",
    Generic.Inserted: "hl-i",
    Token.Name.Tag: "hl-k",
}


def label(language: str) -> str:
    """Return what a screen reader calls a block in `language`."""
    lexer = _lexer(language)
    return f"Code, {lexer.name}" if lexer else "Code"


def highlight(source: str, language: str) -> str:
    """Return `source` as HTML text with `span`s of our classes; only escaped if the language is unknown."""
    lexer = _lexer(language)
    if lexer is None or len(source) > MAX_HIGHLIGHTED:
        return escape(source, quote=False)
    parts = []
    for name, tokens in groupby(lexer.get_tokens(source), key=lambda token: _class_of(token[0])):
        text = escape("".join(value for _, value in tokens), quote=False)
        parts.append(f'<span class="{name}">{text}</span>' if name and text.strip() else text)
    return "".join(parts)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    if not language or language.lower() in ("text", "txt", "plain", "plaintext"):
        return None
    try:
        return get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=256)
def _class_of(kind: _TokenType) -> str:
    while kind not in _CLASSES and kind.parent is not None:
        kind = kind.parent
    return _CLASSES.get(kind, "")
