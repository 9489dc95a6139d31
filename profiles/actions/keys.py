"""API keys: shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from profiles.models import ApiKey, User
from profiles.models.keys import IdempotencyRecord
from profiles.names import clean_line
from profiles.restrictions import refusal_for

PREFIX = "hearth_"
SHOWN = 12
SCOPES = ("read", "write", "moderate")
KEYS_LIMIT = 20
LABEL_LIMIT = 80


def digest(key: str) -> str:
    """Return the SHA-256 of a key, in hex: what is stored of it. Keys are random, so they need no salt."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def create_api_key(
    owner: User, *, label: str, scopes: Sequence[str] = (), expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Create a key for `owner` and return it with its text, shown only now.

    Without scopes it has full access.

    Raises PermissionDenied, or ValidationError by field. Locks the account, so the limit holds.
    """
    profile = getattr(owner, "profile", None)
    if not owner.is_active or profile is None:
        raise PermissionDenied(_("This account can’t have API keys."))
    if refusal := refusal_for(profile):
        raise PermissionDenied(refusal)
    _check(label, scopes, expires_at)
    User.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    now = timezone.now()
    alive = owner.api_keys.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    if alive.count() >= KEYS_LIMIT:
        raise ValidationError(
            _("You have %(count)d API keys, the maximum. Revoke one first.") % {"count": KEYS_LIMIT}
        )
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        user=owner,
        label=clean_line(label, LABEL_LIMIT),
        prefix=key[:SHOWN],
        digest=digest(key),
        scopes=[scope for scope in SCOPES if scope in scopes],
        expires_at=expires_at,
    )
    facts = {"scopes": row.scopes, "expires_at": expires_at}
    record("api_key.created", actor_id=profile.pk, target=f"api_key:{row.pk}", after=facts, title=row.label)
    return row, key


def _check(label: str, scopes: Sequence[str], expires_at: datetime | None) -> None:
    if not clean_line(label, LABEL_LIMIT):
        raise ValidationError({"label": [_("Enter a name for the key.")]})
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        raise ValidationError(
            {"scopes": [_("“%(scope)s” is not a scope.") % {"scope": str(unknown[0])[:20]}]}
        )
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": [_("Choose a time in the future.")]})


def revoke_api_key(actor: User, key: ApiKey) -> None:
    """Revoke a key; for its owner and admins. Safe to run twice. Raises PermissionDenied."""
    if actor.pk != key.user_id and not actor.has_role("admin"):
        raise PermissionDenied(_("Only the key’s owner or an admin can revoke it."))
    with transaction.atomic():
        if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            return
        profile = getattr(actor, "profile", None)
        record(
            "api_key.revoked",
            actor_id=profile.pk if profile else None,
            target=f"api_key:{key.pk}",
            title=key.label,
        )


def revoke_all_keys(owner: User, *, reason: str) -> int:
    """Revoke every key of an account whose password changed; the log says why.

    Returns how many; safe to run twice.
    """
    profile = getattr(owner, "profile", None)
    with transaction.atomic():
        alive = list(owner.api_keys.select_for_update().filter(revoked_at=None).order_by("pk"))
        owner.api_keys.filter(pk__in=[key.pk for key in alive]).update(revoked_at=timezone.now())
        for key in alive:
            actor_id, target = profile.pk if profile else None, f"api_key:{key.pk}"
            record("api_key.revoked", actor_id=actor_id, target=target, reason=reason, title=key.label)
    return len(alive)


def forget_answers(profile_id: int) -> None:
    """Forget the kept answers to a person's own posts by API, which hold their texts.

    They would go after a day.
    """
    IdempotencyRecord.objects.filter(profile=profile_id, answer__has_key="body").delete()
