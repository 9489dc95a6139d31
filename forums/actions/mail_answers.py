"""Answer e-mails that could not be posted, with the reason."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.lib.mail import html_of
from community.lib.sealed import unseal
from forums.models import ReceivedMail

MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")
KEPT_FOR = timedelta(days=90)
TRIED_FOR = timedelta(days=2)


def answer_mail(pk: int) -> bool:
    """Send the answer to one received mail, once.

    Other workers leave it alone meanwhile. Returns whether it was sent now.
    """
    with transaction.atomic():
        waiting = ReceivedMail.objects.select_for_update(skip_locked=True, of=("self",)).exclude(answer="")
        row = waiting.filter(pk=pk).first()
        if row is None:
            return False
        try:
            _email(row, json.loads(unseal(row.answer))).send()
        except InvalidToken:  # the key was changed meanwhile: nobody can read whom to answer
            row.answer = ""
            row.save(update_fields=["answer"])
            return False
        row.answer, row.answered_at = "", timezone.now()
        row.save(update_fields=["answer", "answered_at"])
    return True


def waiting_answers() -> list[int]:
    """Return what a sweep has to send, oldest first; what failed for two days is let go."""
    since = timezone.now() - TRIED_FOR
    ReceivedMail.objects.exclude(answer="").filter(received_at__lt=since).update(answer="")
    return list(
        ReceivedMail.objects.exclude(answer="").order_by("received_at").values_list("pk", flat=True)[:500]
    )


def forget_received() -> int:
    """Delete rows of e-mails that became no post, once no server delivers them again. Return how many."""
    old = ReceivedMail.objects.filter(received_at__lt=timezone.now() - KEPT_FOR, post=None)
    return old.filter(pk__in=old.order_by("received_at").values("pk")[:5000]).delete()[0]


def _email(row: ReceivedMail, said: dict[str, Any]) -> EmailMultiAlternatives:
    title = _("Your reply was posted") if said["posted"] else _("Your e-mail was not posted")
    parts = [title + ".", said["sentence"]]
    if row.profile_id and row.thread_id and row.thread is not None:
        parts.append(f"{settings.SITE_URL}{row.thread.get_absolute_url()}")
    if said["said"]:
        parts += [_("This is what you wrote:"), said["said"]]
    text = "\n\n".join(parts)
    subject = " ".join(f"{title}: {said['subject']}".split())[:200] if said["subject"] else title
    headers = {
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "Message-ID": _message_id(row),
    }
    if MESSAGE_ID.fullmatch(said["message_id"]):
        headers |= {"In-Reply-To": said["message_id"], "References": said["message_id"]}
    email = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [said["to"]], headers=headers)
    context = {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}
    email.attach_alternative(html_of(text, title=title, context=context), "text/html")
    return email


def _message_id(row: ReceivedMail) -> str:
    """Name the answer the same however often it is sent."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    return f"<received-{row.pk}.{row.key[:16]}@{domain}>"
