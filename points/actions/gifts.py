"""Points from a moderator, with a reason.

Locking contract: both profiles in order of id, so that two awards by one giver queue before the daily limit is read; then
the receiver's wallet; the log last.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.errors import Conflict
from integrations.actions import announce
from integrations.events import POINTS_GIFTED
from points.actions.ledger import book, lock_people
from points.models import Gift, GiftCategory, Kind
from points.notifications import notify_gift
from points.permissions import require_giver, why_not_given
from points.queries.gifts import left_today
from profiles.models import Profile

REASON_LIMIT = 300
KEY_LIMIT = 60
# E-mail addresses are masked: the reason is posted to a chat channel.
EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")


@dataclass(frozen=True)
class Wish:
    """What to award: points from 1, a category (None only through the API) and a reason."""

    points: int
    category: GiftCategory | None
    reason: str


def give_points(
    actor: Profile | None, receiver: Profile, *, wish: Wish, key: str = "", at: datetime | None = None
) -> Gift:
    """Award points to a person; the same `key` again returns the first gift.

    Raises PermissionDenied, ValidationError by field, Conflict with limit_reached, unavailable or idempotency_key_reused.
    """
    giver, wish = require_giver(actor), clean_wish(wish)
    cause = f"gift:{giver.pk}:{receiver.pk}:{key[:KEY_LIMIT] or secrets.token_urlsafe(16)}"
    now = at or timezone.now()
    with transaction.atomic():
        lock_people([giver.pk, receiver.pk])
        known = Gift.objects.filter(transaction__cause=cause).select_related("transaction__detail").first()
        if known is not None:
            return _same(known, wish)
        require_possible(giver, receiver, wish.points, now)
        paid, _made = book(
            receiver.pk,
            Kind.GIFT,
            wish.points,
            cause=cause,
            actor_id=giver.pk,
            title=wish.category.name if wish.category else "",
            reason=wish.reason,
            at=now,
        )
        gift = Gift.objects.create(
            giver=giver,
            receiver=receiver,
            points=wish.points,
            category=wish.category,
            transaction=paid,
            created_at=now,
        )
        _after_giving(gift, giver, receiver, wish)
    return gift


def require_possible(giver: Profile, receiver: Profile, points: int, now: datetime | None = None) -> None:
    """Raise PermissionDenied or Conflict when the award is not possible; reliable only while both profiles
    are locked.
    """
    if giver.pk == receiver.pk:
        raise PermissionDenied(_("You can’t award points to yourself."))
    receiver = Profile.objects.select_related("user").get(pk=receiver.pk)
    if (refusal := why_not_given(receiver)) is not None:
        raise Conflict(refusal, code="unavailable")
    left = left_today(giver, now)
    if points > left:
        raise Conflict(
            _("You have %(left)d of %(limit)d points left to award today.")
            % {"left": left, "limit": settings.GIFT_POINTS_PER_DAY},
            code="limit_reached",
        )


def clean_wish(wish: Wish) -> Wish:
    """Return the wish with its reason on one line. Raises ValidationError by field."""
    reason = " ".join(wish.reason.replace("\x00", "").split())
    errors: dict[str, str] = {}
    if wish.points < 1:
        errors["points"] = _("Award at least 1 point.")
    elif wish.points > settings.GIFT_POINTS_PER_DAY:
        errors["points"] = _("Award at most %(count)d points.") % {"count": settings.GIFT_POINTS_PER_DAY}
    if not reason:
        errors["reason"] = _("Give a reason.")
    elif len(reason) > REASON_LIMIT:
        errors["reason"] = _("Shorten the reason to %(count)d characters.") % {"count": REASON_LIMIT}
    if errors:
        raise ValidationError(errors)
    return Wish(wish.points, wish.category, reason)


def _same(known: Gift, wish: Wish) -> Gift:
    detail = getattr(known.transaction, "detail", None)
    if Wish(known.points, known.category, detail.reason if detail else "") != wish:
        raise Conflict(
            _("This key was already used for another award. Use a new key."), code="idempotency_key_reused"
        )
    return known


def _after_giving(gift: Gift, giver: Profile, receiver: Profile, wish: Wish) -> None:
    """Notify the member, announce it to the channel, and log it."""
    notify_gift(gift, giver)
    category = wish.category
    announce(
        POINTS_GIFTED,
        {
            "giver": giver.name,
            "giver_id": giver.pk,
            "member": receiver.name,
            "member_id": receiver.pk,
            "points": gift.points,
            "category": category.name if category else "",
            "reason": EMAIL.sub("…@…", wish.reason),
            "url": f"{settings.SITE_URL}{receiver.get_absolute_url()}",
        },
        source_key=f"gift:{gift.pk}",
    )
    after = {"gift": gift.pk, "points": gift.points, "category": category.slug if category else None}
    record(
        "points.gifted",
        actor_id=giver.pk,
        target=f"profile:{receiver.pk}",
        after=after,
        reason=wish.reason,
        title=_("%(giver)s to %(member)s") % {"giver": giver.name, "member": receiver.name},
    )
