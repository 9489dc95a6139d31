"""One attempt to deliver: a POST with a timeout, and what its answer means."""

from __future__ import annotations

import httpx

from integrations import actions
from integrations.channels import CHANNELS
from integrations.models import OutboxEvent

TIMEOUT_SECONDS = 10.0
GONE = (404, 410)  # the webhook was removed: no attempt will ever get through
LONGEST_WAIT = 24 * 3600


def deliver(pk: int) -> bool:
    """Try to deliver one announcement; say whether it got through. Whoever is second finds it taken."""
    event = actions.claim(pk)
    if event is None:
        return False
    channel = CHANNELS.get(event.channel)
    address = channel.address() if channel else ""
    if channel is None or not address:
        actions.settle(event, error="The channel has no address any more.", for_good=True)
        return False
    try:
        body = channel.form(event.payload)
    except (KeyError, TypeError, ValueError) as error:
        actions.settle(event, error=f"It cannot be put into words: {type(error).__name__}.", for_good=True)
        return False
    return _send(event, address, body)


def _send(event: OutboxEvent, address: str, body: dict[str, object]) -> bool:
    """POST and settle. The address is a secret, so no error that could quote it is kept."""
    try:
        # Streamed, so that an endless answer is never read.
        with httpx.stream(
            "POST", address, json=body, timeout=TIMEOUT_SECONDS, follow_redirects=False
        ) as answer:
            status, wait = answer.status_code, _wait(answer.headers.get("Retry-After", ""))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        actions.settle(event, error=type(error).__name__)
        return False
    good = 200 <= status < 300
    actions.settle(event, error="" if good else f"HTTP {status}", for_good=status in GONE, wait=wait)
    return good


def _wait(header: str) -> int:
    return min(int(header), LONGEST_WAIT) if header.isascii() and header.isdigit() and len(header) < 9 else 0
