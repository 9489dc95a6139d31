"""What changed between two texts, by words. The work is bounded, whatever the texts are.

This is Eugene Myers’ O(ND) algorithm (1986). Python's difflib takes cubic time on hostile texts and cannot be
stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STEPS = 150_000  # about 50 ms; beyond, all between the common beginning and end counts as changed
SAME, REMOVED, ADDED = "same", "removed", "added"
_TOKEN = re.compile(r"[^\W_]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """A stretch of text that is in both texts, only in the old one, or only in the new one."""

    kind: str
    text: str


def diff(old: str, new: str) -> list[Part]:
    """Return the parts that make up both texts, in order: removed before added."""
    return diff_tokens(_TOKEN.findall(old), _TOKEN.findall(new))


def diff_tokens(a: list[str], b: list[str]) -> list[Part]:
    """Return the parts that make up both texts, given as words, blanks and signs."""
    start = _common(a, b)
    end = _common(a[start:][::-1], b[start:][::-1])
    middle_a, middle_b = a[start : len(a) - end], b[start : len(b) - end]
    edits = [(SAME, token) for token in a[:start]]
    edits += _edits(middle_a, middle_b)
    edits += [(SAME, token) for token in a[len(a) - end :]]
    return list(_parts(edits))


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how many tokens both begin with."""
    return next(
        (n for n, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )


def _edits(a: list[str], b: list[str]) -> list[tuple[str, str]]:
    trace = _trace(a, b) if a and b else None
    if trace is None:
        return [(REMOVED, token) for token in a] + [(ADDED, token) for token in b]
    edits: list[tuple[str, str]] = []
    x, y = len(a), len(b)
    for depth in range(len(trace) - 1, -1, -1):
        furthest, k = trace[depth], x - y
        down = k == -depth or (k != depth and furthest.get(k - 1, -1) < furthest.get(k + 1, -1))
        before = k + 1 if down else k - 1
        x_before = furthest.get(before, 0)
        y_before = x_before - before
        while x > max(x_before, 0) and y > max(y_before, 0):
            x, y = x - 1, y - 1
            edits.append((SAME, a[x]))
        if depth:
            edits.append((ADDED, b[y_before]) if down else (REMOVED, a[x_before]))
            x, y = x_before, y_before
    return edits[::-1]


def _trace(a: list[str], b: list[str]) -> list[dict[int, int]] | None:
    """Return, for each number of edits, how far each diagonal got before it;

    None when that takes too many steps.
    """
    furthest, trace, steps = {1: 0}, [], 0
    for depth in range(len(a) + len(b) + 1):
        trace.append(dict(furthest))
        for k in range(-depth, depth + 1, 2):
            down = k == -depth or (k != depth and furthest.get(k - 1, -1) < furthest.get(k + 1, -1))
            x = start = furthest[k + 1] if down else furthest[k - 1] + 1
            while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                x += 1
            furthest[k] = x
            steps += 2 + x - start
            if x >= len(a) and x - k >= len(b):
                return trace
            if steps > STEPS:
                return None
    return None


def _parts(edits: list[tuple[str, str]]) -> Iterator[Part]:
    """Yield stretches; blanks between two changes count as changed, so that changed words stay together."""
    removed: list[str] = []
    added: list[str] = []
    same: list[str] = []
    for kind, token in edits:
        if kind == SAME:
            same.append(token)
            continue
        if same and ((removed or added) and "".join(same).isspace()):
            removed += same
            added += same
        elif same:
            yield from _changes(removed, added)
            yield Part(SAME, "".join(same))
            removed, added = [], []
        same = []
        (removed if kind == REMOVED else added).append(token)
    yield from _changes(removed, added)
    if same:
        yield Part(SAME, "".join(same))


def _changes(removed: list[str], added: list[str]) -> Iterator[Part]:
    if removed:
        yield Part(REMOVED, "".join(removed))
    if added:
        yield Part(ADDED, "".join(added))
