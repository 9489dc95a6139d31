"""The weeks as a drawing: numbers for SVG attributes, so that no script and no inline style is needed.

Coordinates are text with a point, whatever the reader's language writes between units and tenths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from points.queries.reports import Week

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 200, 44, 12, 22
LABELS, LINES = 6, 2
GROUND, ROOM = HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    is_spent: bool


@dataclass(frozen=True)
class Chart:
    """Bars for what was issued and redeemed; `line` is what was outstanding, on a scale of its own."""

    box: str
    bars: list[Bar]
    line: str
    labels: list[tuple[str, str]]
    grid: list[tuple[str, int]]
    left: int = LEFT
    edge: int = LEFT - 6
    right: int = WIDTH
    foot: int = HEIGHT - 4


def chart_of(weeks: Sequence[Week]) -> Chart:
    """Return the drawing of `weeks`, oldest first."""
    step = (WIDTH - LEFT) / max(1, len(weeks))
    most = max([1, *(max(one.issued, one.redeemed) for one in weeks)])
    highest = max([1, *(one.outstanding for one in weeks)])
    bars, line = [], []
    for place, week in enumerate(weeks):
        x = LEFT + place * step
        bars += [
            _bar(x, step, week.issued / most, is_spent=False),
            _bar(x + step * 0.42, step, week.redeemed / most, is_spent=True),
        ]
        line.append(f"{x + step / 2:.1f},{GROUND - ROOM * max(0, week.outstanding) / highest:.1f}")
    every = max(1, len(weeks) // LABELS)
    labels = [
        (f"{LEFT + place * step:.1f}", date_format(weeks[place].monday, "j M"))
        for place in range(0, len(weeks), every)
    ]
    grid = [(f"{GROUND - ROOM * part / LINES:.1f}", most * part // LINES) for part in range(LINES + 1)]
    return Chart(f"0 0 {WIDTH} {HEIGHT}", bars, " ".join(line), labels, grid)


def _bar(x: float, step: float, share: float, *, is_spent: bool) -> Bar:
    height = ROOM * max(0.0, share)
    return Bar(f"{x:.1f}", f"{GROUND - height:.1f}", f"{step * 0.38:.1f}", f"{height:.1f}", is_spent)
