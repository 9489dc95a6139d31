"""Render Markdown within a deadline: short plain bodies on the spot, the rest in a helper process."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from community.lib.helper_pool import Answer, Busy, Crashed, HelperPool, TooSlow
from community.lib.markdown_inline import Resolver
from community.lib.markdown_refusal import BodyRefused, Refusal
from community.lib.markdown_render import BODY_LIMIT, Rendered, render, sanitize

DEADLINE = 1.0
"""Seconds a body may take once a helper works on it."""
HELPERS = 2
QUEUE_SECONDS = 3.0
GUEST_QUEUE_SECONDS = 1.0
HELPER_MEMORY = 768 * 1024 * 1024
"""Address space a helper may take. A helper that holds a fifth of it after its work is replaced."""

INLINE_LENGTH = 3_000
INLINE_LINES = 200
INLINE_MARKS = 200

_COLOURED_CODE = re.compile(r"(?:```|~~~)[`~]*[ \t]*[{\w]")
_MARKS = "*_~[]<&`|>:@#"

pool = HelperPool("community.lib.markdown_pool", size=HELPERS, memory=HELPER_MEMORY)


def render_bounded(
    body: str,
    *,
    resolve: Resolver | None = None,
    limit: int | None = BODY_LIMIT,
    deadline: float | None = None,
    guest: bool = False,
) -> Rendered:
    """Do what `render` does, for at most `deadline` (DEADLINE) seconds of work; other threads go on meanwhile.

    Guests never have every helper at work, so that members need not wait for them. Raises BodyRefused for a body that is too
    long, takes too long or is nested too deeply, or if all helpers are busy.
    """
    if is_cheap(body) or (limit is not None and len(body) > limit):
        return render(body, resolve=resolve, limit=limit)
    known = resolve or Resolver()
    answer = _ask(
        {
            "do": "render",
            "body": body,
            "resolved": resolve is not None,
            "mentions": [[key, *value] for key, value in known.mentions.items()],
            "threads": [[key, *value] for key, value in known.threads.items()],
            "uploads": [[key, *value] for key, value in known.uploads.items()],
        },
        deadline,
        guest=guest,
    )
    return Rendered(
        answer["html"],
        answer["text"],
        tuple(answer["mention_ids"]),
        tuple(answer["thread_ids"]),
        tuple(answer["upload_names"]),
        answer["version"],
    )


def sanitize_bounded(html: str, *, image_urls: Collection[str] = (), deadline: float | None = None) -> str:
    """Do what `sanitize` does, for at most `deadline` (DEADLINE) seconds of work. Raises BodyRefused."""
    return str(_ask({"do": "sanitize", "html": html, "image_urls": list(image_urls)}, deadline)["html"])


def is_cheap(body: str) -> bool:
    """Whether `body` takes some 20 ms at most whatever it says: short, few marks, no code for Pygments' many patterns."""
    return (
        len(body) <= INLINE_LENGTH
        and body.count("\n") + body.count("\r") <= INLINE_LINES
        and sum(map(body.count, _MARKS)) <= INLINE_MARKS
        and not _COLOURED_CODE.search(body)
    )


def _ask(question: dict[str, Any], deadline: float | None, *, guest: bool = False) -> dict[str, Any]:
    try:
        queue = GUEST_QUEUE_SECONDS if guest else QUEUE_SECONDS
        answer, _ = pool.ask(question, deadline=deadline or DEADLINE, queue=queue, guest=guest)
    except Busy:
        raise BodyRefused(Refusal.BUSY) from None
    except TooSlow:
        raise BodyRefused(Refusal.TOO_SLOW) from None
    except Crashed:
        raise BodyRefused(Refusal.TANGLED) from None
    if refusal := answer.get("refused"):
        raise BodyRefused(Refusal[refusal], **answer.get("facts", {}))
    return answer


# --- in the helper ------------------------------------------------------------------------------------
def warm_up() -> None:
    """Import and compile what rendering needs."""
    render("*Warm*, `up`.")


def work(question: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Render or sanitize; a refusal goes back by its name."""
    try:
        if question["do"] == "sanitize":
            return {"html": sanitize(question["html"], image_urls=question["image_urls"])}, []
        resolver = Resolver(
            {key: tuple(value) for key, *value in question["mentions"]},
            {key: tuple(value) for key, *value in question["threads"]},
            {key: tuple(value) for key, *value in question["uploads"]},
        )
        rendered = render(question["body"], resolve=resolver if question["resolved"] else None, limit=None)
    except BodyRefused as refused:
        return {"refused": refused.reason.name, "facts": refused.facts}, []
    return vars(rendered).copy(), []
