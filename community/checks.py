"""System checks: settings that would lose e-mail, and database privileges that are too wide."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError

from community.lib.roles import may_change_tables

LONGEST_REPLY_NAME = (
    27  # a token of 36 characters and a plus follow, and 64 are all that may stand before the @
)


@register(Tags.security)
def mail_is_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Exactly one way to send e-mail must be set."""
    found: list[CheckMessage] = []
    provider = settings.MAIL_PROVIDER
    if provider and (not provider.isidentifier() or find_spec(f"anymail.backends.{provider}") is None):
        found.append(
            Error(
                f"MAIL_PROVIDER {provider} is not known.",
                hint="docs/operations.md lists the names.",
                id="hearth.E001",
            )
        )
    if provider and settings.EMAIL_URL:
        found.append(
            Error("EMAIL_URL and MAIL_PROVIDER are both set.", hint="Unset one of them.", id="hearth.E002")
        )
    if not settings.LOCAL_MODE and not provider and not settings.EMAIL_URL:
        found.append(
            Error(
                "No way to send e-mail is set.",
                hint="Set EMAIL_URL, or MAIL_PROVIDER and its settings.",
                id="hearth.E003",
            )
        )
    if provider and not settings.ANYMAIL["WEBHOOK_SECRET"]:
        hint = "Set MAIL_WEBHOOK_SECRET to user:password, and enter the webhook URLs with it at the provider."
        found.append(
            checks.Warning(
                "Bounces, spam complaints and replies by e-mail are not received.",
                hint=hint,
                id="hearth.W001",
            )
        )
    if not settings.LOCAL_MODE and ".localdomain" in settings.DEFAULT_FROM_EMAIL:
        found.append(
            checks.Warning(
                "E-mail is sent from an address that cannot receive replies.",
                hint="Set DEFAULT_FROM_EMAIL.",
                id="hearth.W002",
            )
        )
    return found


@register(Tags.security)
def replies_come_in(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """REPLY_ADDRESS must allow adding a plus sign and a token."""
    address = settings.REPLY_ADDRESS
    if not address:
        return []
    name, at, host = address.partition("@")
    if not (name and at and host) or "+" in name or len(name) > LONGEST_REPLY_NAME:
        hint = (
            f"Write it as reply@example.com: no plus, at most {LONGEST_REPLY_NAME} characters before the @."
        )
        return [Error(f"REPLY_ADDRESS {address} is not valid.", hint=hint, id="hearth.E004")]
    if address.lower() in settings.DEFAULT_FROM_EMAIL.lower():
        hint = "Use two addresses. Otherwise every automatic answer would be read as a reply."
        return [
            Error("REPLY_ADDRESS and DEFAULT_FROM_EMAIL are the same address.", hint=hint, id="hearth.E005")
        ]
    return []


@register(Tags.security, deploy=True)
def guards_hold(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The application's database role must not be able to disable the triggers on the ledger and the log."""
    try:
        if settings.LOCAL_MODE or not may_change_tables():
            return []
    except OperationalError:
        hint = "Check DATABASE_URL, then run this check again."
        return [
            checks.Info(
                "The database does not answer, so its roles were not checked.", hint=hint, id="hearth.I001"
            )
        ]
    hint = "Set DATABASE_ADMIN_URL to this role for `prepare`, and DATABASE_URL to another role: see docs/operations.md."
    what = "The database role of DATABASE_URL owns tables or is a superuser, so it could change the ledger and the log."
    return [checks.Warning(what, hint=hint, id="hearth.W003")]
