from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forums.imports import report
from forums.imports.stackexchange import NOBODY, BadRow, StackExchange, rows
from forums.imports.writer import Writer


class Command(BaseCommand):
    help = "Import a Stack Exchange data dump (the folder of one site's XML files). Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--topic", default="", help="slug of the topic for the questions; created if missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].resolve()
        if not (folder / "Posts.xml").exists():
            raise CommandError(f"There is no Posts.xml in {folder}.")
        writer = Writer(folder.name, NOBODY)
        dump = StackExchange(folder, writer, options["topic"])
        try:
            for label, name, do in dump.steps():
                report.in_batches(label, rows(folder / name), do, self.stdout)
            writer.finish()
            dump.tidy()
        except BadRow as error:
            raise CommandError(str(error)) from error
        finally:
            writer.close()
        report.say(writer.tally, self.stdout)
