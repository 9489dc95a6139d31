from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from profiles.actions.keys import SCOPES, create_api_key
from profiles.models import User


class Command(BaseCommand):
    help = "Create an API key for an account. The key is printed once, alone on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="e-mail address of the account")
        parser.add_argument("--name", required=True, help="a name for the key")
        parser.add_argument(
            "--scope",
            action="append",
            choices=SCOPES,
            default=[],
            help="can be repeated; without it, the key has full access",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        owner = User.objects.select_related("profile").filter(email=email).first()
        if owner is None:
            raise CommandError(f"No account has the e-mail address {email}. Create one with create_member.")
        try:
            row, key = create_api_key(owner, label=options["name"], scopes=options["scope"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Key “{row.label}” for {email}. It is shown only once:")
        self.stdout.write(key)
