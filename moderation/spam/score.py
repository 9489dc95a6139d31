"""A score anybody can check: each sign has a name and a weight, and the sum decides. No sign holds a text alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from moderation.spam.phrases import PHRASES, WEAK
from moderation.spam.text import Text

# At 3 fewer than 1 % of 1,170 real questions and answers (AI Stack Exchange, 2016) would wait if their authors were new.
HOLD_NEW, HOLD_KNOWN = 3.0, 5.0
FIRST_PHRASE, MORE_PHRASES = 2.5, 1.5

_PHRASES = {name: re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])") for name, pattern in PHRASES.items()}

SHORTENERS = frozenset(
    (
        "bit.ly tinyurl.com t.co goo.gl is.gd cutt.ly rb.gy shorturl.at ow.ly rebrand.ly t.me wa.me linktr.ee bitly.ws tiny.cc"
    ).split()
)
ODD_ENDINGS = tuple(
    ".xyz .top .click .shop .buzz .icu .online .site .store .club .loan .win .bid .vip .fun .live .bet .casino .poker .best"
    " .monster .cam .date .rest .cfd .sbs .lol .life .world .space .website .fit .guru .promo .cash .money .finance".split()
)
_PHONE = re.compile(
    r"(?:\+\d{1,3}[\s().-]*|\b1[\s.-]*)?\(?\b\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b|"
    r"\+\d[\d\s().-]{8,14}\d\b|"
    r"\b1?[\s-]?8(?:00|33|44|55|66|77|88)[\s-]\w{3}[\s-]?\w{4}\b"
)
_MONEY = re.compile(r"[$€£₹]\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:usd|dollars|euros|btc)\b|\b\d+ ?%")
_EMOJI = re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf\u2b50]")
_TRADE = re.compile(
    r"\b(?:buy|cheap|best|casino|loan|free|online|seo|sale|discount|escort|betting|deals?|offers?)\b"
)
_CRAFT = re.compile(
    r"\b(?:error|exception|trace(?:back)?|stack|version|config\w*|api|query|install\w*|docs?|documentation|function|log|sdk|"
    r"endpoint|json|csv|server|database|timeout|release|bug|plugin|script|dashboard|export|import|screenshot|reproduce|sensor|"
    r"token expired|upgrade\w*|debug\w*|parameter|setting|webhook|firmware|workaround|github)\b"
)


@dataclass(frozen=True)
class Sign:
    """One thing that was noticed, and what it weighs; below zero it speaks for the text."""

    name: str
    weight: float


SIGNS = {
    "phrases": _(
        "Words typical of spam (2.5 for the first of a trade, 1.5 for more; half for polite requests)"
    ),
    "links": _("Links to other sites (0.5 each, up to 1.5)"),
    "short link": _("A shortened link (2)"),
    "odd address": _("A domain ending used mostly for spam (1.5)"),
    "mostly link": _("A link and fewer than 25 words (1)"),
    "sales label": _("A link text such as buy, cheap or best (1.5)"),
    "phone": _("A phone number (2)"),
    "money": _("Sums of money or percentages (0.75)"),
    "shouting": _("Capitals, exclamation marks or many emoji (1 each)"),
    "disguise": _("Invisible letters or mixed alphabets (3)"),
    "haste": _("Sent within two seconds (1)"),
    "young": _("The account is younger than a day (0.5, only with other signs)"),
    "code": _("Code in the text (-1.5)"),
    "craft": _("Technical words: error, version, log … (-0.5 each, down to -2)"),
}


def signs(text: Text, *, young: bool = False, hasty: bool = False) -> list[Sign]:
    """Return everything noticed about a text."""
    found = [*_phrase_signs(text), *_link_signs(text), *_manner_signs(text)]
    if hasty:
        found.append(Sign("haste", 1.0))
    if young and found:
        found.append(Sign("young", 0.5))
    if text.code:
        found.append(Sign("code", -1.5))
    if craft := len(set(_CRAFT.findall(text.plain))):
        found.append(Sign("craft", max(-2.0, -0.5 * craft)))
    return found


def total(found: list[Sign]) -> float:
    """Return the score."""
    return round(sum(sign.weight for sign in found), 2)


def _phrase_signs(text: Text) -> list[Sign]:
    found = []
    for name, pattern in _PHRASES.items():
        if said := set(pattern.findall(text.plain)):
            weight = FIRST_PHRASE + (MORE_PHRASES if len(said) > 1 else 0)
            found.append(Sign(f"phrases: {name}", weight / 2 if name in WEAK else weight))
    return found


def _link_signs(text: Text) -> list[Sign]:
    links = text.links
    if not links:
        return []
    found = [Sign("links", min(1.5, 0.5 * len(links)))]
    if any(link.host.removeprefix("www.") in SHORTENERS for link in links):
        found.append(Sign("short link", 2.0))
    if any(link.host.endswith(ODD_ENDINGS) for link in links):
        found.append(Sign("odd address", 1.5))
    if len(text.words) < 25 and not text.code:
        found.append(Sign("mostly link", 1.0))
    if any(_TRADE.search(link.label.lower()) for link in links if not link.label.startswith("http")):
        found.append(Sign("sales label", 1.5))
    return found


def _manner_signs(text: Text) -> list[Sign]:
    found = []
    letters = [char for char in text.said if char.isalpha()]
    loud = len(letters) > 20 and sum(char.isupper() for char in letters) > 0.4 * len(letters)
    shouts = loud + (text.whole.count("!") >= 3) + (len(_EMOJI.findall(text.whole)) >= 4)
    if shouts:
        found.append(Sign("shouting", 1.0 * shouts))
    if _PHONE.search(text.whole):
        found.append(Sign("phone", 2.0))
    if _MONEY.search(text.plain):
        found.append(Sign("money", 0.75))
    if text.is_disguised:
        found.append(Sign("disguise", 3.0))
    return found
