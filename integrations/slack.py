"""Announcements as Slack's incoming webhooks want them: a fallback text, and blocks within Slack's limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.events import POINTS_GIFTED, REWARD_REDEEMED

HEADER_LIMIT, TEXT_LIMIT, BUTTON_LIMIT, URL_LIMIT = 150, 3000, 75, 3000
Data = Mapping[str, Any]
Words = dict[str, str]


def message(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message that tells of an event with a form. What people wrote in it cannot ping or link."""
    data = payload["data"]
    words = FORMS[payload["type"]](data)
    blocks: list[dict[str, Any]] = [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": cut(words["header"], HEADER_LIMIT), "emoji": False},
        },
    ]
    if words["text"].strip():
        blocks.append({"type": "section", "text": _said(words["text"])})
    if words["context"].strip():
        blocks.append({"type": "context", "elements": [_said(words["context"])]})
    if _is_web(url := str(data.get("url") or "")):
        label = {"type": "plain_text", "text": cut(words["button"], BUTTON_LIMIT), "emoji": False}
        blocks.append({"type": "actions", "elements": [{"type": "button", "text": label, "url": url}]})
    return {"text": escape(f"{words['header']}: {words['text']}", TEXT_LIMIT), "blocks": blocks}


def _said(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": escape(text, TEXT_LIMIT), "verbatim": True}


def escape(text: str, limit: int) -> str:
    """Return `text` so that Slack shows it as it is, cut before it is escaped: half an entity would be shown."""
    escaped = "".join(ENTITIES.get(char, char) for char in text)
    if len(escaped) <= limit:
        return escaped
    room, kept = limit - 1, []
    for char in text:
        piece = ENTITIES.get(char, char)
        if len(piece) > room:
            break
        room -= len(piece)
        kept.append(piece)
    return "".join(kept) + "…"


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters on one line; Slack refuses an empty text."""
    text = " ".join(text.split()) or "-"
    return text if len(text) <= limit else text[: limit - 1] + "…"


ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= URL_LIMIT


def _points(data: Data) -> str:
    count = int(data.get("points") or 0)
    return ngettext("%(count)d point", "%(count)d points", count) % {"count": count}


def _gift(data: Data) -> Words:
    facts = {"giver": data["giver"], "member": data["member"], "points": _points(data)}
    return {
        "header": _("%(points)s for %(member)s") % facts,
        "text": str(data.get("reason") or ""),
        "context": ": ".join(
            one for one in (_("A gift from %(giver)s") % facts, str(data.get("category") or "")) if one
        ),
        "button": _("Open the profile"),
    }


def _redemption(data: Data) -> Words:
    facts = {"member": data["member"], "reward": data["reward"], "points": _points(data)}
    return {
        "header": _("%(member)s redeemed a reward") % facts,
        "text": _("%(reward)s, for %(points)s") % facts,
        "context": str(data.get("next_step") or ""),
        "button": _("Open the profile"),
    }


FORMS: dict[str, Callable[[Data], Words]] = {POINTS_GIFTED: _gift, REWARD_REDEEMED: _redemption}
