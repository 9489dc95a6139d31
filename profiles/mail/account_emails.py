"""Letters about one's own account: written as text, drawn as HTML, sent to the one address the account has."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from community.lib.mail import html_of
from profiles.models import User


def send_account_email(user: User, subject: str, text: str) -> None:
    """Send a letter that a person's own action caused, so it has no unsubscribe link."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    mail = EmailMultiAlternatives(subject, text, to=[user.email], headers=headers)
    context = {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}
    mail.attach_alternative(html_of(text, title=subject, context=context), "text/html")
    mail.send()
