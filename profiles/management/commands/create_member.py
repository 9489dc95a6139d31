from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from profiles.actions.accounts import create_member
from profiles.models import Role


class Command(BaseCommand):
    help = "Create a member, with any role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="“First Last”")
        parser.add_argument("--password", help="without one they use the reset link")
        parser.add_argument("--role", choices=Role.values, default=Role.MEMBER)
        parser.add_argument("--verified", action="store_true", help="the address is known to be theirs")

    def handle(self, *args: Any, **options: Any) -> None:
        first, _space, last = options["name"].strip().partition(" ")
        try:
            profile = create_member(
                options["email"], first_name=first, last_name=last.strip(), password=options["password"],
                role=options["role"], verified=options["verified"],
            )  # fmt: skip
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Created {profile.name} ({options['role']}): {profile.get_absolute_url()}")
