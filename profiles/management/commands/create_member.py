from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from profiles.actions.accounts import create_member
from profiles.models import Role


class Command(BaseCommand):
    help = "Create an account with its profile and print the URL of the profile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="“First Last”")
        parser.add_argument("--password", help="without one the member uses the reset link")
        parser.add_argument("--role", choices=Role.values, default=Role.MEMBER.value)
        parser.add_argument("--verified", action="store_true", help="count the e-mail address as verified")
        parser.add_argument(
            "--bot",
            action="store_true",
            help="a program: it gets no e-mail, earns no points and posts by API key",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        first_name, _space, last_name = options["name"].strip().partition(" ")
        try:
            profile = create_member(
                options["email"],
                first_name=first_name,
                last_name=last_name.strip(),
                password=options["password"],
                role=options["role"],
                verified=options["verified"],
                bot=options["bot"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"Created {profile.name} with the role {options['role']}: {settings.SITE_URL}{profile.get_absolute_url()}"
        )
