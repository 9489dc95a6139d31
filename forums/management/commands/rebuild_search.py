from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max
from rich.progress import Progress

from community.lib.progress import console
from forums import indexing
from forums.models import Post, Thread

NAMED = 20


class Command(BaseCommand):
    help = "Rebuild missing or outdated rows of the search index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit with 1 if a row is missing or outdated"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong, check = 0, options["check"]
        rows = sum(model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in (Post, Thread))
        with Progress(console=console(), disable=not console().is_terminal) as bar:
            task = bar.add_task("Reading", total=rows)
            if not check:
                wrong += sum(indexing.fill())
            for looked, posts, threads in indexing.wrong_rows():
                for kind, ids in (("post", posts), ("thread", threads)):
                    for pk in ids[: max(0, NAMED - wrong)]:
                        self.stdout.write(f"{kind} {pk}")
                    wrong += len(ids)
                if not check:
                    indexing.mend(posts, threads)
                bar.advance(task, looked)
        if check and wrong:
            raise CommandError(f"{wrong} rows of the search index are missing or stale.")
        self.stdout.write("Search reads what is written." if not wrong else f"Wrote {wrong} rows anew.")
