"""Markdown in, safe HTML out: all that the rest of Hearth knows of it. docs/markdown.md tells writers what works.

`render` is pure: who is mentioned, which threads and pictures exist comes in as data (`Resolver`). Web requests call
`render_bounded`, which does the same within a deadline and lets other requests go on. What a writing action does:

    body = encode_references(typed, handles_of(find_handles(typed)))       # @bob → @{42}
    profiles, threads = find_reference_ids(body)                           # one query each, visible ones only
    rendered = render_bounded(body, resolve=Resolver(mentions, threads, uploads_of(find_upload_names(body))))

Only the `markdown_*.py` beside this file import python-markdown or bleach, and only this file is imported elsewhere.
"""

from community.lib.markdown_inline import Resolver
from community.lib.markdown_pool import render_bounded, sanitize_bounded
from community.lib.markdown_references import (
    decode_references,
    encode_references,
    find_handles,
    find_reference_ids,
    find_upload_names,
)
from community.lib.markdown_refusal import BodyRefused
from community.lib.markdown_render import (
    BODY_LIMIT,
    RENDERER_VERSION,
    Rendered,
    excerpt,
    plain_text,
    render,
    sanitize,
)

__all__ = [
    "BODY_LIMIT",
    "RENDERER_VERSION",
    "BodyRefused",
    "Rendered",
    "Resolver",
    "decode_references",
    "encode_references",
    "excerpt",
    "find_handles",
    "find_reference_ids",
    "find_upload_names",
    "plain_text",
    "render",
    "render_bounded",
    "sanitize",
    "sanitize_bounded",
]
