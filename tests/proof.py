"""The one switch for full-size tests: `make proof` runs them, and writes what they found to docs/proof.md.

A test gives both its sizes to `sizes()`: the small one always runs, the full one carries the marker `proof` and runs only with
HEARTH_PROOF=1. It reports its key figures through the fixture `proof_figures`.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

PROOF = os.environ.get("HEARTH_PROOF") == "1"
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "proof.md"
FIGURE = "proof:"
HEAD = """# Proof

What `make proof` found the last time each proof ran: full-size races, kills, faults and crashes against the real services.
A part of it: `make proof T=tests/ops`. CONTRIBUTING.md says how to write one.

| Proof | Result | Figures | Commit |
|---|---|---|---|
"""
ROW = re.compile(r"^\| (?!Proof|---)(.+?) \| (.+?) \| (.*?) \| (.+?) \|$", re.MULTILINE)


def sizes(**named: tuple[object, object]) -> list[object]:
    """Return the parameters of a fixture: a dict of the small sizes, and one of the full sizes. Each name takes (small, full)."""
    small, full = ({name: pair[which] for name, pair in named.items()} for which in (0, 1))
    return [pytest.param(small, id="small"), pytest.param(full, id="full", marks=pytest.mark.proof)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not PROOF:
        skip = pytest.mark.skip(reason="full size: HEARTH_PROOF=1, or make proof")
        for item in items:
            if item.get_closest_marker("proof"):
                item.add_marker(skip)


@pytest.fixture
def proof_figures(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Keep the key figures of a proof: proof_figures(kills=40, lost=0)."""

    def keep(**figures: object) -> None:
        for name, value in figures.items():
            record_property(FIGURE + name.replace("_", " "), value)

    return keep


class Page:
    """Collects the results of a run and merges them into docs/proof.md."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "proof" not in report.keywords or report.skipped or (report.when != "call" and report.passed):
            return
        name = report.location[2].split("[")[0].rpartition(".")[2].removeprefix("test_").replace("_", " ")
        figures = ", ".join(
            f"{key[len(FIGURE) :]} {value}" for key, value in report.user_properties if key.startswith(FIGURE)
        )
        self.rows[name] = ("passed" if report.passed else "FAILED", figures)

    def pytest_sessionfinish(self) -> None:
        if self.rows:
            PAGE.write_text(merged(PAGE.read_text() if PAGE.exists() else "", self.rows, _commit()))


def merged(page: str, rows: dict[str, tuple[str, str]], commit: str) -> str:
    """Return the page with new rows in place of the old ones of the same name."""
    found = {name: row for name, *row in ROW.findall(page)}
    found |= {name: [result, figures, commit] for name, (result, figures) in rows.items()}
    return HEAD + "".join(f"| {name} | {' | '.join(row)} |\n" for name, row in sorted(found.items()))


def _commit() -> str:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "unknown"


def pytest_configure(config: pytest.Config) -> None:
    if PROOF and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Page(), "proof-page")
