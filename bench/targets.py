"""What each figure must reach, and what we aim for: the numbers beside the measurements."""

from __future__ import annotations

# (column, must, aim); a figure of a column in FALLING is better when it is lower.
FALLING = {"p50", "p95", "sql", "bytes", "gzip", "MB"}
TARGETS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "guest thread, cache off": (
        ("ratio", 0.07, 0.10),
        ("sql", 3, 3),
        ("bytes", 50_000, 40_000),
        ("gzip", 8_000, 7_000),
    ),
    "guest list, cache off": (("ratio", 0.11, 0.15), ("sql", 2, 2)),
    "guest home, cache off": (("ratio", 0.11, 0.15), ("sql", 2, 2)),
    "guest thread, cache hot": (("ratio", 0.65, 0.80),),
    "guest list, cache hot": (("ratio", 0.65, 0.80),),
    "guest home, cache hot": (("ratio", 0.65, 0.80),),
    "member thread": (("ratio", 0.06, 0.08), ("sql", 7, 7)),
    "member list": (("ratio", 0.06, 0.10), ("sql", 5, 5)),
    "two web workers, PSS": (("MB", 160, 130),),
    "reply by POST": (("p50", 12, 8), ("sql", 12, 9)),
    "search page, Urho3D": (("p95", 25, 15),),
    "redeem, product, 8 at once": (("p50", 25, 15), ("p95", 50, 30)),
    "redeem, credit, 8 at once": (("p50", 25, 15), ("p95", 50, 30)),
    "digests sent, two workers": (("rps", 333, 500),),
}


def judged(row: dict) -> list[str]:
    """Return, for a row of results, one phrase a target: `ratio 0.038, must 0.07: missed, aim 0.1`."""
    phrases = []
    for column, must, aim in TARGETS.get(row["what"], TARGETS.get(f"{row['what']}, {row.get('size')}", ())):
        if (value := row.get(column)) is None:
            continue
        reached = value <= must if column in FALLING else value >= must
        phrases.append(f"{column} {value:g}, must {must:g}: {'met' if reached else 'MISSED'}, aim {aim:g}")
    return phrases
