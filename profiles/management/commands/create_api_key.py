from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from profiles.actions.keys import SCOPES, create_api_key
from profiles.models import User


class Command(BaseCommand):
    help = "Create an API key. The key is printed once, alone on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="a label to recognise it by")
        parser.add_argument("--scope", action="append", choices=SCOPES, default=[], help="repeat for several; none: all its owner may")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(email=options["email"].strip().lower()).first()
        if owner is None:
            raise CommandError("There is no account with that address.")
        try:
            row, key = create_api_key(owner, label=options["name"], scopes=options["scope"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Key “{row.label}”. It is shown only now:")
        self.stdout.write(key)
