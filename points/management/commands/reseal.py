"""`manage.py reseal`: after CODES_KEY changed and the old key went to CODES_KEY_OLD."""

from typing import Any

from django.core.management import BaseCommand

from points.actions.codes import reseal


class Command(BaseCommand):
    help = "Encrypt every reward code and shipping address with the current CODES_KEY. Second factors still need CODES_KEY_OLD."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"Sealed anew: {reseal()}.")
