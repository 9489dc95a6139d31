from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import track

from community.lib.progress import console
from forums import maintenance

NAMED = 20


class Command(BaseCommand):
    help = "Correct stored counters and sort keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit with 1 if a value is wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        steps = list(maintenance.walk())
        for table, low, high in track(
            steps, "Counting", console=console(), disable=not console().is_terminal
        ):
            if options["check"]:
                found = maintenance.mismatches(table, low, high)
                for one in found[: max(0, NAMED - wrong)]:
                    self.stdout.write(f"{one.table} {one.id}: {one.fields}")
                wrong += len(found)
            else:
                wrong += maintenance.mend(table, low, high)
        if options["check"] and wrong:
            raise CommandError(f"{wrong} rows hold numbers that are not true.")
        self.stdout.write("Every number is true." if not wrong else f"Mended {wrong} rows.")
