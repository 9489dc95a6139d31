from __future__ import annotations

import tarfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forums.imports import report
from forums.imports.discourse import Discourse, topics
from forums.imports.writer import Writer


class Command(BaseCommand):
    help = "Import a Discourse community (a folder or tar archive of its /t/<id>.json). Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument(
            "--topic",
            default="",
            help="slug of the topic for all threads; by default each category becomes a topic",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["source"].resolve()
        if not source.exists():
            raise CommandError(f"There is nothing at {source}.")
        writer = Writer(source.name.split(".")[0][:60])
        try:
            report.in_batches(
                "Threads", topics(source), Discourse(writer, options["topic"]).take, self.stdout
            )
            writer.finish()
        except tarfile.TarError as error:
            raise CommandError(f"{source.name} is no tar archive, or is cut short: {error}") from error
        finally:
            writer.close()
        report.say(writer.tally, self.stdout)
