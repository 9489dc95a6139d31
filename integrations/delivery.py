"""One attempt to deliver an event: a POST with a timeout, and what its response means."""

from __future__ import annotations

import httpx

from integrations import actions
from integrations.channels import CHANNELS
from integrations.models import OutboxEvent

TIMEOUT_SECONDS = 10.0
GONE = (404, 410)  # the webhook was removed, so no retry can succeed
LONGEST_WAIT = 24 * 3600


def deliver(pk: int) -> bool:
    """Try to deliver one event; return whether it was delivered. Does nothing if another worker has claimed it."""
    event = actions.claim(pk)
    if event is None:
        return False
    channel = CHANNELS.get(event.channel)
    url = channel.url() if channel else ""
    if channel is None or not url:
        actions.settle(event, error="The channel has no URL any more.", for_good=True)
        return False
    try:
        body = channel.form(event.payload)
    except (KeyError, TypeError, ValueError) as error:
        actions.settle(
            event, error=f"The message could not be written: {type(error).__name__}.", for_good=True
        )
        return False
    return _send(event, url, body)


def _send(event: OutboxEvent, url: str, body: dict[str, object]) -> bool:
    """POST and record the result. The URL is a secret, so no error text that could contain it is kept."""
    try:
        # Streamed, so that the body is never read.
        with httpx.stream("POST", url, json=body, timeout=TIMEOUT_SECONDS, follow_redirects=False) as answer:
            status, wait = answer.status_code, _wait(answer.headers.get("Retry-After", ""))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        actions.settle(event, error=type(error).__name__)
        return False
    good = 200 <= status < 300
    actions.settle(event, error="" if good else f"HTTP {status}", for_good=status in GONE, wait=wait)
    return good


def _wait(header: str) -> int:
    return min(int(header), LONGEST_WAIT) if header.isascii() and header.isdigit() and len(header) < 9 else 0
