"""Creating and changing rewards: admins only, and logged."""

from __future__ import annotations

import re
import secrets
from functools import partial
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib import images
from community.lib.media import store
from points.models import Audience, Redemption, Reward, RewardKind
from points.permissions import require_treasurer
from profiles.models import Profile

PICTURE_WIDTH = 640
PRICE_LIMIT = 1_000_000
# The code is in the path or query, never where it would choose the server.
STORE_URL = re.compile(r"https://[^/?#{}\s\\]+[/?][^\s{}]*\{code\}[^\s{}]*")

EDITABLE = [
    "title",
    "slug",
    "summary",
    "price",
    "drawing",
    "low_stock",
    "member_limit",
    "opens_at",
    "closes_at",
    "audience",
    "audience_value",
    "needs_address",
    "store_url",
    "terms",
    "cost",
    "position",
]


def save_reward(actor: Profile | None, reward: Reward) -> Reward:
    """Save a new or changed reward. Stock, codes and publication have actions of their own.

    Raises PermissionDenied, ValidationError by field.
    """
    actor = require_treasurer(actor)
    require_sense(reward)
    with transaction.atomic():
        made = reward.pk is None
        if made:
            reward.save()
        else:
            # Never the counted columns: somebody may redeem while the form is open.
            reward.save(update_fields=EDITABLE)
        record(
            "reward.made" if made else "reward.changed",
            actor_id=actor.pk,
            target=f"reward:{reward.pk}",
            title=reward.title,
            after={"price": reward.price, "slug": reward.slug},
        )
    return reward


def publish_reward(actor: Profile | None, reward: Reward, *, reason: str = "") -> Reward:
    """Publish a reward, also after it was retired."""
    return _set_offered(actor, reward, offered=True, reason=reason)


def retire_reward(actor: Profile | None, reward: Reward, *, reason: str = "") -> Reward:
    """Retire a reward; redemptions stay."""
    return _set_offered(actor, reward, offered=False, reason=reason)


def set_stock(actor: Profile | None, reward: Reward, *, units: int | None, reason: str = "") -> Reward:
    """Set how many units are left (None: no limit). Waits for redemptions under way."""
    actor = require_treasurer(actor)
    if reward.kind == RewardKind.CREDIT:
        raise ValidationError({"units": _("Add codes instead: they are the stock of a merch credit.")})
    if units is not None and not 0 <= units <= 1_000_000:
        raise ValidationError({"units": _("Choose from 0 to 1,000,000.")})
    with transaction.atomic():
        reward = Reward.objects.select_for_update().get(pk=reward.pk)
        before = reward.stock
        reward.stock = units
        reward.stocked = (
            0 if units is None else units + Redemption.objects.kept().filter(reward=reward).count()
        )
        reward.save(update_fields=["stock", "stocked"])
        record(
            "reward.stocked",
            actor_id=actor.pk,
            target=f"reward:{reward.pk}",
            before={"stock": before},
            after={"stock": units},
            reason=reason,
            title=reward.title,
        )
    return reward


def set_picture(actor: Profile | None, reward: Reward, file: BinaryIO) -> Reward:
    """Show a picture, re-encoded, instead of the drawing.

    Raises PermissionDenied, ValidationError({"picture": sentence}).
    """
    require_treasurer(actor)
    try:
        picture = images.prepare(file)
    except images.ImageRefused as refusal:
        raise ValidationError({"picture": [str(refusal)]}) from refusal
    small = picture.thumbnails.get(PICTURE_WIDTH)
    extension, data = ("webp", small) if small else (picture.extension, picture.data)
    name = store(f"uploads/reward-{secrets.token_urlsafe(16)}.{extension}", ContentFile(data))
    with transaction.atomic():
        old = Reward.objects.select_for_update().values_list("picture", flat=True).get(pk=reward.pk)
        reward.picture = name
        reward.save(update_fields=["picture"])
        if old:
            transaction.on_commit(partial(default_storage.delete, old))
    return reward


def require_sense(reward: Reward) -> None:
    """Refuse a reward that nobody could redeem. Raises ValidationError by field."""
    errors: dict[str, str] = {}
    if reward.price is None or reward.price < 1:
        errors["price"] = _("Enter a price of at least 1 point.")
    if reward.audience == Audience.LEVEL and not reward.audience_value.strip().isdecimal():
        errors["audience_value"] = _("Enter the number of the level.")
    if reward.audience == Audience.ACHIEVEMENT and not reward.audience_value.strip():
        errors["audience_value"] = _("Enter the slug of the achievement.")
    if reward.price is not None and reward.price > PRICE_LIMIT:
        errors["price"] = _("Enter a price of at most %(count)d points.") % {"count": PRICE_LIMIT}
    if reward.cost is not None and reward.cost < 0:
        errors["cost"] = _("Enter a cost of 0 or more.")
    if reward.store_url and not STORE_URL.fullmatch(reward.store_url):
        errors["store_url"] = _("Enter a URL that begins with https:// and has {code} in its path.")
    if reward.kind == RewardKind.CREDIT and reward.needs_address:
        errors["needs_address"] = _("A merch credit is a code, so it needs no shipping address.")
    if reward.opens_at and reward.closes_at and reward.opens_at >= reward.closes_at:
        errors["closes_at"] = _("Choose an end after the start.")
    if errors:
        raise ValidationError(errors)


def _set_offered(actor: Profile | None, reward: Reward, *, offered: bool, reason: str) -> Reward:
    actor = require_treasurer(actor)
    with transaction.atomic():
        reward = Reward.objects.select_for_update().get(pk=reward.pk)
        if (reward.published_at is not None and reward.retired_at is None) == offered:
            return reward
        now = timezone.now()
        reward.published_at = (reward.published_at or now) if offered else reward.published_at
        reward.retired_at = None if offered else now
        reward.save(update_fields=["published_at", "retired_at"])
        record(
            "reward.published" if offered else "reward.retired",
            actor_id=actor.pk,
            target=f"reward:{reward.pk}",
            reason=reason,
            title=reward.title,
        )
    return reward
