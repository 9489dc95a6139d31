"""Channels that events go to. A channel is open if its URL is set, and takes the events it has a message for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from integrations import slack


@dataclass(frozen=True)
class Channel:
    """`url()` is empty while the channel is closed; `form(payload)` returns the body to send."""

    name: str
    url: Callable[[], str]
    events: frozenset[str]
    form: Callable[[dict[str, Any]], dict[str, Any]]


SLACK = Channel("slack", lambda: settings.SLACK_WEBHOOK_URL, frozenset(slack.FORMS), slack.message)
CHANNELS = {channel.name: channel for channel in (SLACK,)}


def channels_for(event: str) -> list[str]:
    """Return the names of the open channels that post `event`."""
    return [channel.name for channel in CHANNELS.values() if event in channel.events and channel.url()]
