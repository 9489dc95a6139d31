"""A filter that learns from moderators' decisions: words counted, Bayes' rule, nothing else (Graham, "A Plan for Spam", 2002).

It begins as a shadow: its guess is written down beside each text and compared with what a moderator decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from django.db import connection

from moderation.models import SpamToken

NEEDED = 10  # texts of either kind before it guesses at all
TELLING = 20  # words that decide, the most telling first
SMOOTH = 0.5
SHOWN = 6


@dataclass(frozen=True)
class Guess:
    """The probability of spam, and the most telling words first (above zero: for spam)."""

    chance: float
    words: list[tuple[str, float]]


def guess(tokens: Sequence[str]) -> Guess | None:
    """Return what the filter thinks of a text; None while it knows too little. One query."""
    rows = SpamToken.objects.filter(token__in=["", *tokens]).values_list("token", "spam", "clean")
    return weigh({token: (spam, clean) for token, spam, clean in rows}, tokens)


def weigh(counts: Mapping[str, tuple[int, int]], tokens: Sequence[str]) -> Guess | None:
    """Return the guess from how often spam and other posts contained each word; "" counts the posts."""
    spam_texts, clean_texts = counts.get("", (0, 0))
    if min(spam_texts, clean_texts) < NEEDED:
        return None
    odds = []
    for token in tokens:
        if token in counts:
            in_spam = (counts[token][0] + SMOOTH) / (spam_texts + 2 * SMOOTH)
            in_clean = (counts[token][1] + SMOOTH) / (clean_texts + 2 * SMOOTH)
            odds.append((token, log(in_spam / in_clean)))
    odds.sort(key=lambda one: (-abs(one[1]), one[0]))
    telling = odds[:TELLING]
    total = max(-500.0, min(500.0, sum(weight for _token, weight in telling)))
    return Guess(
        round(1 / (1 + exp(-total)), 4), [(token, round(weight, 2)) for token, weight in telling[:SHOWN]]
    )


def learn(tokens: Sequence[str], *, spam: bool, by: int = 1) -> None:
    """Count a decided text; `by=-1` forgets it. Rows are locked in order of their words."""
    column = "spam" if spam else "clean"
    added = f"{column} = GREATEST(0, moderation_spamtoken.{column} + %(by)s)"
    other = "clean" if spam else "spam"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO moderation_spamtoken (token, {column}, {other}) "  # noqa: S608  (two names of ours)
            "SELECT token, GREATEST(0, %(by)s), 0 FROM unnest(%(tokens)s::text[]) AS token ORDER BY token "
            f"ON CONFLICT (token) DO UPDATE SET {added}",
            {"tokens": ["", *tokens], "by": by},
        )
