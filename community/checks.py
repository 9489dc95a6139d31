"""Combinations of settings that would lose mail, said at the start and by `manage.py check`."""

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
    """Somebody must carry our mail, and only one carrier can."""
    found: list[CheckMessage] = []
    provider = settings.MAIL_PROVIDER
    if provider and (not provider.isidentifier() or find_spec(f"anymail.backends.{provider}") is None):
        found.append(
            Error(
                f"There is no mail provider {provider}.",
                hint="See the README for the names.",
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
                "Nobody carries our mail.",
                hint="Set EMAIL_URL, or MAIL_PROVIDER and its settings.",
                id="hearth.E003",
            )
        )
    if provider and not settings.ANYMAIL["WEBHOOK_SECRET"]:
        hint = "Set MAIL_WEBHOOK_SECRET to user:password, and give the provider the addresses with it."
        found.append(
            checks.Warning("Bounces, complaints and replies are not heard.", hint=hint, id="hearth.W001")
        )
    if not settings.LOCAL_MODE and ".localdomain" in settings.DEFAULT_FROM_EMAIL:
        found.append(
            checks.Warning(
                "Mail is sent from an address nobody can answer.",
                hint="Set DEFAULT_FROM_EMAIL.",
                id="hearth.W002",
            )
        )
    return found


@register(Tags.security)
def replies_come_in(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The address for replies is one to which a plus and a token can be added."""
    address = settings.REPLY_ADDRESS
    if not address:
        return []
    name, at, host = address.partition("@")
    if not (name and at and host) or "+" in name or len(name) > LONGEST_REPLY_NAME:
        hint = (
            f"Write it as reply@example.com: no plus, at most {LONGEST_REPLY_NAME} characters before the @."
        )
        return [Error(f"REPLY_ADDRESS {address} cannot be used.", hint=hint, id="hearth.E004")]
    if address.lower() in settings.DEFAULT_FROM_EMAIL.lower():
        hint = "Take two addresses, or every automatic answer would come in as a reply."
        return [Error("REPLY_ADDRESS is the address mail is sent from.", hint=hint, id="hearth.E005")]
    return []


@register(Tags.security, deploy=True)
def guards_hold(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The application's database role must not be able to switch off what guards the ledger and the log."""
    try:
        if settings.LOCAL_MODE or not may_change_tables():
            return []
    except OperationalError:
        hint = "Check DATABASE_URL, then run this check again."
        return [
            checks.Warning(
                "The database does not answer, so its roles were not checked.", hint=hint, id="hearth.W004"
            )
        ]
    hint = (
        "Set DATABASE_ADMIN_URL to this role for `prepare`, and DATABASE_URL to another role: see the README."
    )
    what = "The database role of DATABASE_URL owns tables or is a superuser, so it could change the ledger and the log."
    return [checks.Warning(what, hint=hint, id="hearth.W003")]
