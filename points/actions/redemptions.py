"""Redeeming: reserve and pay in one transaction, then fulfil, or refund.

Locks in order: wallet (so that one person's attempts queue before they reach what everybody wants), reward (its stock), code;
the log last. Nothing here waits for anything outside the database.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.audit import record
from community.lib import ratelimit
from community.lib.errors import Conflict
from community.lib.sealed import unseal
from community.lib.tasks import enqueue
from integrations.actions import announce
from integrations.events import REWARD_REDEEMED
from points.actions.ledger import book, lock_people, lock_wallet, reverse
from points.models import Code, Kind, Redemption, Reward, RewardKind
from points.notifications import notify_fulfilled, notify_refunded
from points.permissions import fits_audience, require_fulfiller, require_spender
from points.queries.stock import units_left
from profiles.models import Profile

# How often a redemption tries again when the stock changes meanwhile.
STOCK_TRIES = 5
REVEALS_PER_HOUR = 60


def redeem(
    profile: Profile | None,
    reward: Reward,
    *,
    key: str = "",
    price: int | None = None,
    at: datetime | None = None,
) -> Redemption:
    """Spend the reward's price and reserve it; the same `key` again returns the first redemption.

    `price` is what the person agreed to: if it has changed, nothing is spent.
    Raises PermissionDenied, or Conflict with the code unavailable, price_changed, limit_reached, out_of_stock or
    insufficient_points.
    """
    profile = require_spender(profile)
    cause = f"redemption:{profile.pk}:{_digest(key) if key else secrets.token_urlsafe(16)}"
    with transaction.atomic():
        wallet = lock_wallet(profile.pk)
        known = Redemption.objects.filter(transaction__cause=cause).select_related("reward").first()
        if known is not None:
            return _same(known, reward)
        reward = Reward.objects.published().filter(pk=reward.pk).first() or _refuse_unavailable()
        _require_available(profile, reward)
        if price is not None and price != reward.price:
            raise Conflict(_new_price(reward.price), code="price_changed")
        if wallet.balance < reward.price:
            raise Conflict(_short_of(reward.price - wallet.balance), code="insufficient_points")
        code = _take_unit(reward)
        paid, _made = book(
            profile.pk,
            Kind.REDEMPTION,
            -reward.price,
            cause=cause,
            actor_id=profile.pk,
            source_key=f"reward:{reward.pk}",
            title=reward.title,
            at=at,
        )
        now = at or timezone.now()
        redemption = Redemption.objects.create(
            profile=profile,
            reward=reward,
            transaction=paid,
            title=reward.title,
            price=reward.price,
            cost=reward.cost,
            created_at=now,
            fulfilled_at=now if code else None,
        )
        if code is not None:
            Code.objects.filter(pk=code.pk).update(redemption=redemption, claimed_at=now)
        _after_redeeming(redemption)
    return redemption


def fulfil(actor: Profile | None, redemption: Redemption, *, reason: str = "") -> Redemption:
    """Mark a reward that is not shipped as delivered (orders are marked as sent instead)."""
    actor = require_fulfiller(actor)
    with transaction.atomic():
        redemption = _locked(redemption)
        if redemption.refunded_at is not None:
            raise Conflict(_("This redemption was refunded."))
        if redemption.reward.needs_address:
            raise Conflict(_("This reward is shipped. Mark the order as sent instead."))
        if redemption.fulfilled_at is None:
            mark_fulfilled(actor, redemption)
            notify_fulfilled(redemption)
            _note("redemption.fulfilled", actor, redemption, reason)
    return redemption


def mark_fulfilled(actor: Profile, redemption: Redemption) -> None:
    """Set the state of a locked redemption; its caller writes the log."""
    redemption.fulfilled_at, redemption.fulfilled_by_id = timezone.now(), actor.pk
    redemption.save(update_fields=["fulfilled_at", "fulfilled_by_id"])


def refund(actor: Profile | None, redemption: Redemption, *, reason: str = "") -> Redemption:
    """Return the points of somebody else's redemption. A product that was not sent returns to stock.

    A code may have been seen: it stays claimed, and is no longer shown.
    """
    actor = require_fulfiller(actor)
    if actor.pk == redemption.profile_id:
        raise PermissionDenied(_("You can’t refund your own redemption."))
    with transaction.atomic():
        lock_people([redemption.profile_id])
        lock_wallet(redemption.profile_id)
        redemption = _locked(redemption)
        if redemption.refunded_at is not None:
            return redemption
        if redemption.fulfilled_at is None:
            Reward.objects.filter(pk=redemption.reward_id, stock__isnull=False).update(stock=F("stock") + 1)
        else:
            Reward.objects.filter(pk=redemption.reward_id, stock__isnull=False).update(
                stocked=F("stocked") - 1
            )
        redemption.refunded_at, redemption.refunded_by_id = timezone.now(), actor.pk
        redemption.fulfilled_at = None
        redemption.save(update_fields=["refunded_at", "refunded_by_id", "fulfilled_at"])
        reverse(redemption.transaction.cause, actor_id=actor.pk, reason=reason)
        notify_refunded(redemption)
        _note("redemption.refunded", actor, redemption, reason)
    return redemption


def reveal_code(actor: Profile | None, redemption: Redemption) -> str:
    """Return the decrypted code, to its owner only; each time is logged.

    Raises PermissionDenied, TooMany, Conflict when it was refunded, Code.DoesNotExist.
    """
    if actor is None or actor.pk != redemption.profile_id:
        raise PermissionDenied(_("Only the member who redeemed this reward can see its code."))
    ratelimit.check("reveal", str(actor.pk), limit=REVEALS_PER_HOUR, seconds=3600)
    with transaction.atomic():
        # A refund waits here or is seen here: nobody gets both the points and the code.
        redemption = _locked(redemption)
        if redemption.refunded_at is not None:
            raise Conflict(_("This redemption was refunded."), code="unavailable")
        code = Code.objects.get(redemption=redemption)
        record("code.shown", actor_id=actor.pk, target=f"redemption:{redemption.pk}", before={}, after={})
    return unseal(code.sealed)


def _digest(key: str) -> str:
    """Keys are of any length, causes are not."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:40]


def _same(known: Redemption, reward: Reward) -> Redemption:
    if known.reward_id != reward.pk:
        raise Conflict(
            _("This key was already used for another reward. Use a new key."), code="idempotency_key_reused"
        )
    return known


def _refuse_unavailable() -> Reward:
    raise Conflict(_("This reward isn’t available at the moment."), code="unavailable")


def _require_available(profile: Profile, reward: Reward) -> None:
    now = timezone.now()
    if (reward.opens_at and reward.opens_at > now) or (reward.closes_at and reward.closes_at <= now):
        raise Conflict(_("This reward isn’t available at the moment."), code="unavailable")
    if not fits_audience(profile, reward):
        raise Conflict(_("This reward isn’t available to you."), code="unavailable")
    if reward.member_limit is not None:
        had = Redemption.objects.kept().filter(profile=profile, reward=reward).count()
        if had >= reward.member_limit:
            raise Conflict(_("You’ve reached the limit for this reward."), code="limit_reached")


def _take_unit(reward: Reward) -> Code | None:
    """Take one unit from the stock, or an unlocked code. Raises Conflict when there is none."""
    if reward.kind == RewardKind.CREDIT:
        free = Code.objects.filter(reward=reward, redemption=None).order_by("id")
        code = free.select_for_update(skip_locked=True).first()
        if code is None:
            _refuse_out_of_stock()
        return code
    for _attempt in range(STOCK_TRIES):
        if Reward.objects.filter(pk=reward.pk, stock__gt=0).update(stock=F("stock") - 1):
            return None
        left = Reward.objects.values_list("stock", flat=True).get(pk=reward.pk)
        if left == 0:
            break
        if left is None and _keep_without_limit(reward):
            return None
    _refuse_out_of_stock()
    return None


def _keep_without_limit(reward: Reward) -> bool:
    """Lock "no stock limit" until the transaction ends, shared with other redemptions.

    When an admin set a stock meanwhile, the lock is released: two holders that then both count down would deadlock.
    """
    mark = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stock IS NULL FROM points_reward WHERE id = %s FOR SHARE", [reward.pk])
        kept = bool(cursor.fetchone()[0])
    (transaction.savepoint_commit if kept else transaction.savepoint_rollback)(mark)
    return kept


def _refuse_out_of_stock() -> None:
    raise Conflict(_("This reward is out of stock."), code="out_of_stock")


def _new_price(price: int) -> str:
    return ngettext(
        "The price changed to %(count)d point. No points were spent.",
        "The price changed to %(count)d points. No points were spent.",
        price,
    ) % {"count": price}


def _short_of(missing: int) -> str:
    return ngettext(
        "You need %(count)d more point for this reward.",
        "You need %(count)d more points for this reward.",
        missing,
    ) % {"count": missing}


def _after_redeeming(redemption: Redemption) -> None:
    """Announce it to the channel, and check for low stock."""
    reward, profile = redemption.reward, redemption.profile
    announce(
        REWARD_REDEEMED,
        {
            "member": profile.name,
            "member_id": profile.pk,
            "reward": reward.title,
            "points": redemption.price,
            "url": f"{settings.SITE_URL}{profile.get_absolute_url()}",
            "next_step": _next_step(reward),
        },
        source_key=f"redemption:{redemption.pk}",
    )
    left = units_left(reward)
    if left is not None and left < reward.low_stock:
        from points.tasks import warn_low_stock

        enqueue(warn_low_stock, reward.pk)


def _next_step(reward: Reward) -> str:
    if reward.kind == RewardKind.CREDIT:
        return _("The member has the code. Nothing to do.")
    return _("Send it once the member has ordered.") if reward.needs_address else _("Deliver it.")


def _locked(redemption: Redemption) -> Redemption:
    return (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("reward", "transaction")
        .get(pk=redemption.pk)
    )


def _note(action: str, actor: Profile, redemption: Redemption, reason: str) -> None:
    record(
        action,
        actor_id=actor.pk,
        target=f"redemption:{redemption.pk}",
        after={"member": redemption.profile_id},
        reason=reason,
    )
