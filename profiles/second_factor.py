"""Two-factor authentication: which roles require it, and who has it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef

from profiles.models import Role, User

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Pages that need the role: without a second factor they redirect to its settings.
PRIVILEGED = ("/admin/", "/moderation/", "/settings/api-keys/")


def found() -> Exists:
    """Return the annotation that fetches with the user whether there is a second factor."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=KINDS))


def has_second_factor(user: User) -> bool:
    """Return whether the account has an authenticator app or a passkey."""
    known = getattr(user, "second_factor_found", None)
    return (
        Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).exists()
        if known is None
        else bool(known)
    )


def is_missing(user: User) -> bool:
    """Return whether the account's role requires a second factor that is missing."""
    return bool(
        settings.SECOND_FACTOR_REQUIRED and user.has_role(Role.MODERATOR) and not has_second_factor(user)
    )


def is_privileged(path: str) -> bool:
    """Return whether a page at `path` needs the second factor."""
    return path.startswith(PRIVILEGED)
