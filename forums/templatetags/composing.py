"""What pages outside the forum show of what somebody wrote before signing in."""

from __future__ import annotations

from django import template
from django.http import HttpRequest

from forums.actions.drafts import pending_of
from forums.models import PendingPost
from forums.views.compose import PENDING_COOKIE

register = template.Library()


@register.filter
def pending_text(request: HttpRequest) -> PendingPost | None:
    """Return the question or reply that is posted as soon as this visitor has signed in; no query without its
    cookie.
    """
    return pending_of(request.COOKIES.get(PENDING_COOKIE, ""))
