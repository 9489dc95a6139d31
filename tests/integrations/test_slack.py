"""What Slack is sent: within its limits, with nothing that pings, links or breaks."""

from __future__ import annotations

import json

import pytest

from integrations.events import POINTS_GIFTED, REWARD_REDEEMED
from integrations.slack import FORMS, escape, message

HOSTILE = [
    "<!channel>",
    "<https://evil.example|click>",
    "&" * 9000,
    "a" * 9000,
    "",
    "\n\n",
    "<@U123> *bold* _x_",
    "\u202e😀" * 2000,
]


def _texts(blocks):
    for block in blocks:
        yield from ([block["text"]] if "text" in block else [])
        for element in block.get("elements", []):
            yield element["text"] if element["type"] == "button" else element


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("event", sorted(FORMS))
def test_whatever_people_wrote_stays_text_within_the_limits(event, words):
    data = dict.fromkeys(("giver", "member", "reason", "reward", "next_step"), words) | {
        "points": 3,
        "url": words,
    }
    made = message({"type": event, "data": data})
    for text in _texts(made["blocks"]):
        limit = {"plain_text": 150, "mrkdwn": 3000}[text["type"]]
        assert 0 < len(text["text"]) <= limit
        if text["type"] == "mrkdwn":
            assert "<" not in text["text"] and text["verbatim"]
    assert "<" not in made["text"]
    assert len(json.dumps(made, ensure_ascii=False)) < 13_000
    assert not any(block["type"] == "actions" for block in made["blocks"])


def test_a_redemption_names_the_member_the_reward_and_the_price():
    data = {
        "member": "Bob",
        "reward": "Sticker",
        "points": 1,
        "url": "https://example.com/x/",
        "next_step": "Pack it.",
    }
    made = message({"type": REWARD_REDEEMED, "data": data})
    assert made["text"] == "Bob redeemed a reward: Sticker, for 1 point"
    assert made["blocks"][-1]["elements"][0]["url"] == "https://example.com/x/"


def test_a_gift_names_both_the_points_and_why():
    data = {
        "giver": "Mo",
        "member": "Bob",
        "points": 25,
        "reason": "It showed us the bug.",
        "category": "Good report",
    }
    header, section, context = message({"type": POINTS_GIFTED, "data": data})["blocks"]
    assert (
        header["text"]["text"] == "25 points for Bob" and section["text"]["text"] == "It showed us the bug."
    )
    assert context["elements"][0]["text"] == "A gift from Mo: Good report"


def test_a_cut_never_leaves_half_an_entity():
    assert escape("&" * 10, 12) == "&amp;&amp;…"


def test_a_section_without_words_is_left_out():
    made = message(
        {"type": POINTS_GIFTED, "data": {"giver": "Mo", "member": "Bob", "points": 2, "reason": ""}}
    )
    assert [block["type"] for block in made["blocks"]] == ["header", "context"]
