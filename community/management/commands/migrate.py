"""`manage.py migrate`: Django's, as the owner of the tables; then the application may use what was made."""

from typing import Any

from django.core.management.commands import migrate

from community.lib.roles import application_role, as_owner, grant, see_to_role


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then renew the privileges of the application's role, unless nothing shall be changed."""
        with as_owner():
            super().handle(*args, **options)
            role = application_role()
            if role and not (options["check_unapplied"] or options["plan"]):
                see_to_role(role)
                grant(role)
