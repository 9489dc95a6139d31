"""`manage.py verify_ledger`: prove every equation of the ledger."""

import sys
from typing import Any

from django.core.management import BaseCommand

from points.queries.verify import mismatches, totals


class Command(BaseCommand):
    help = "Verify every equation of the ledger; exit with 1 and list the rows that break one."

    def handle(self, *_args: Any, **_options: Any) -> None:
        broken = 0
        for what, sentence, detail in mismatches():
            broken += 1
            self.stdout.write(f"{what[:1].upper()}{what[1:]} ({detail}): {sentence}.")
        if broken:
            self.stderr.write(f"The ledger does not hold. Mismatches: {broken}.")
            sys.exit(1)
        found = totals()
        self.stdout.write(
            f"The ledger holds. Entries: {found['entries']}. Transactions: {found['transactions']}. "
            f"Points outstanding: {found['outstanding']}."
        )
