"""Build messages with the headers that mail programs, filters and providers need; the plain e-mail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from community.lib.mail import html_of
from profiles.hooks import hooks
from profiles.mail.unsubscribe import unsubscribe_url
from profiles.models import Delivery
from profiles.notifications import Composed, Email, EmailBatch, kind_of

SUBJECT_LIMIT = 250
SENDER_LIMIT = 60
SITE_ADDRESS = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
MAIL_DOMAIN = SITE_ADDRESS.rpartition("@")[2] or "localhost"
SETTINGS_URL = f"{settings.SITE_URL}/settings/mail/"


def message_id(delivery: Delivery) -> str:
    """Return the Message-ID of a delivery: the same in every try, so a repeat is seen as one."""
    name = f"{delivery.kind}:{delivery.source_key}:{delivery.profile_id}"
    return f"<{hashlib.sha256(name.encode()).hexdigest()[:32]}@{MAIL_DOMAIN}>"


def thread_message_id(thread_key: str) -> str:
    """Return the Message-ID that the mails of one conversation all answer, though no mail has it."""
    return f"<{thread_key.replace(':', '.')}@{MAIL_DOMAIN}>"


def make_message(
    batch: EmailBatch, email: Email, recipient: str, connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    """Return the message of an e-mail.

    Text that people wrote is put on one line before it becomes a header.
    """
    lead = batch.lead
    headers = {
        "Message-ID": lead.message_id or message_id(lead),
        "List-Id": formataddr((one_line(email.list_name, SENDER_LIMIT), f"{email.list_key}.{MAIL_DOMAIN}")),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Precedence": "bulk",
    }
    if email.scope:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(batch.profile.pk, email.scope)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if email.thread_key:
        headers["In-Reply-To"] = headers["References"] = thread_message_id(email.thread_key)
    answer_to = hooks.reply_address(lead)
    message = EmailMultiAlternatives(
        subject=one_line(email.subject, SUBJECT_LIMIT),
        body=email.text,
        from_email=formataddr((_sender(email.sender), SITE_ADDRESS)),
        to=[recipient],
        reply_to=[answer_to] if answer_to else None,
        headers=headers,
        connection=connection,
    )
    message.attach_alternative(email.html, "text/html")
    return message


def _sender(name: str) -> str:
    """Return the sender's name, always with the site's, so nobody can impersonate a member."""
    shown = one_line(name.replace("@", " "), SENDER_LIMIT)
    return (
        _("%(name)s via %(site)s") % {"name": shown, "site": settings.SITE_NAME}
        if shown
        else settings.SITE_NAME
    )


def plain_emails(batches: Sequence[EmailBatch]) -> Mapping[int, Composed]:
    """Make the mail of kinds that have no composer: what happened, and a link to it."""
    return {batch.lead.pk: _plain(batch) for batch in batches}


def _plain(batch: EmailBatch) -> Email:
    kind, lead = kind_of(batch.lead.kind), batch.lead
    told = "\n\n".join(f"{row.title}\n\n{settings.SITE_URL}{row.url}" for row in batch.rows)
    why = _("You received this e-mail because you are a member of %(site)s.") % {"site": settings.SITE_NAME}
    scope = f"kind:{lead.kind}"
    said = told if kind.fixed else f"{told}\n\n{why}"
    html = html_of(
        said, title=lead.title, context={"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}
    )
    return Email(
        subject=lead.title,
        text=f"{said}\n\n{footer(batch.profile.pk, scope)}",
        html=html,
        scope=scope,
        list_key=lead.kind,
        list_name=str(kind.label),
    )


def footer(profile_id: int, scope: str) -> str:
    """Return the last lines of a mail's text: how to hear less."""
    return _("Unsubscribe: %(stop)s\nNotification settings: %(settings)s") % {
        "stop": unsubscribe_url(profile_id, scope),
        "settings": SETTINGS_URL,
    }


def one_line(text: str, limit: int) -> str:
    """Return people's text as a header can hold it: one line, no control characters, not too long."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split())[:limit]
