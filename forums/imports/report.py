"""How an import shows what it does: a bar on a terminal, plain lines otherwise, a table at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.core.management.base import OutputWrapper
from rich.progress import Progress

from community.lib.progress import console
from forums.imports.writer import Tally

BATCH = 500


def in_batches(label: str, rows: Iterable[Any], do: Callable[[list[Any]], None], out: OutputWrapper) -> None:
    """Call `do` with lists of at most `BATCH` rows, saying how far it is."""
    source, count, terminal = iter(rows), 0, console().is_terminal
    with Progress(console=console(), disable=not terminal) as bar:
        task = bar.add_task(label, total=None)
        while batch := list(islice(source, BATCH)):
            do(batch)
            count += len(batch)
            bar.update(task, completed=count, description=f"{label}: {count:,}")
    out.write(f"{label}: {count:,} read")


def say(tally: Tally, out: OutputWrapper) -> None:
    """Print what was read, written and skipped, and why."""
    out.write("")
    for title, counts in (("read", tally.read), ("written", tally.written)):
        for kind, count in sorted(counts.items()):
            out.write(f"{title:8} {kind:12} {count:>9,}")
    for (kind, why), count in sorted(tally.skipped.items()):
        out.write(f"{'skipped':8} {kind:12} {count:>9,}  {why}")
