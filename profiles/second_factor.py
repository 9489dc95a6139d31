"""The second factor: who needs one before their role counts, and who has one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef

from profiles.models import Role, User

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Pages for which the role is everything: without a second factor they lead to setting one up.
PRIVILEGED = ("/admin/", "/moderation/", "/desk/", "/settings/api-keys/")


def found() -> Exists:
    """Return the annotation that lets the user's own query say whether there is a second factor."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=KINDS))


def has_second_factor(user: User) -> bool:
    """Say whether the account has an authenticator app or a passkey."""
    known = getattr(user, "second_factor_found", None)
    return (
        Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).exists()
        if known is None
        else bool(known)
    )


def is_missing(user: User) -> bool:
    """Say whether the account's role has to wait for a second factor."""
    return bool(
        settings.SECOND_FACTOR_REQUIRED and user.has_role(Role.MODERATOR) and not has_second_factor(user)
    )


def is_privileged(path: str) -> bool:
    """Say whether the address belongs to the pages that wait."""
    return path.startswith(PRIVILEGED)
