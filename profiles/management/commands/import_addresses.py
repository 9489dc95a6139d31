from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from profiles.actions.claims import remember_email
from profiles.models import Profile


class Command(BaseCommand):
    help = (
        "Read the e-mail addresses of imported authors from a CSV with the columns `author` (number of the "
        "profile, or its import key) and `email`, so they can claim their profile when they sign up. Only keyed "
        "digests are stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        new = known = 0
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file)
                if not {"author", "email"} <= set(rows.fieldnames or ()):
                    raise CommandError("The first line must name the columns author and email.")
                for number, row in enumerate(rows, 2):
                    try:
                        made = remember_email(_author(row["author"] or ""), row["email"] or "")
                    except ValidationError as error:
                        self.stderr.write(f"Line {number}: {' '.join(error.messages)}")
                        continue
                    new, known = new + made, known + (not made)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        self.stdout.write(f"{new} authors can claim their profile now; {known} could before.")


def _author(given: str) -> Profile:
    key = given.strip()
    number = int(key) if key.isdecimal() and len(key) < 18 else 0
    profile = (
        Profile.objects.filter(pk=number).first()
        if number
        else Profile.objects.filter(import_key=key).first()
    )
    if profile is None:
        raise ValidationError("There is no such author.")
    return profile
