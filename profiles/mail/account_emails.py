"""E-mails about one's own account: written as text, rendered as HTML."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from community.lib.mail import html_of
from profiles.models import User


def send_account_email(user: User, subject: str, text: str) -> None:
    """Send an e-mail caused by the member's own action, so without an unsubscribe link."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    mail = EmailMultiAlternatives(subject, text, to=[user.email], headers=headers)
    context = {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}
    mail.attach_alternative(html_of(text, title=subject, context=context), "text/html")
    mail.send()
