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

# How often a redemption looks again when the stock is changed under its hands.
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
    """Spend the reward's price and reserve it; the same `key` again gives the first redemption back.

    `price` is what the person agreed to: when another is asked by now, nothing is spent.
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
            profile.pk, Kind.REDEMPTION, -reward.price, cause=cause, actor_id=profile.pk, source_key=f"reward:{reward.pk}",
            title=reward.title, at=at,
        )  # fmt: skip
        now = at or timezone.now()
        redemption = Redemption.objects.create(
            profile=profile, reward=reward, transaction=paid, title=reward.title, price=reward.price, cost=reward.cost,
            created_at=now, fulfilled_at=now if code else None,
        )  # fmt: skip
        if code is not None:
            Code.objects.filter(pk=code.pk).update(redemption=redemption, claimed_at=now)
        _after_redeeming(redemption)
    return redemption


def fulfil(actor: Profile | None, redemption: Redemption, *, reason: str = "") -> Redemption:
    """Note that a reward that needs no address was handed over (orders are marked sent instead)."""
    actor = require_fulfiller(actor)
    with transaction.atomic():
        redemption = _locked(redemption)
        if redemption.refunded_at is not None:
            raise Conflict(_("This redemption was refunded."))
        if redemption.reward.needs_address:
            raise Conflict(_("This one is posted: mark its order as sent."))
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
    """Give the points back, to somebody else than oneself. A product that was not sent returns to stock.

    A code does not go back into the pool, because it may have been seen, and is shown no more.
    """
    actor = require_fulfiller(actor)
    if actor.pk == redemption.profile_id:
        raise PermissionDenied(_("Somebody else has to refund what you redeemed."))
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
    """Return the code in clear, to its owner only; the log says when.

    Raises PermissionDenied, TooMany, Conflict when it was refunded, Code.DoesNotExist.
    """
    if actor is None or actor.pk != redemption.profile_id:
        raise PermissionDenied(_("Only its owner can see a code."))
    ratelimit.check("reveal", str(actor.pk), limit=REVEALS_PER_HOUR, seconds=3600)
    with transaction.atomic():
        # A refund waits here, or is seen: nobody gets their points and the code.
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
            _("This key was used for another reward. Choose a new one."), code="idempotency_key_reused"
        )
    return known


def _refuse_unavailable() -> Reward:
    raise Conflict(_("This reward is not offered at the moment."), code="unavailable")


def _require_available(profile: Profile, reward: Reward) -> None:
    now = timezone.now()
    if (reward.opens_at and reward.opens_at > now) or (reward.closes_at and reward.closes_at <= now):
        raise Conflict(_("This reward is not offered at the moment."), code="unavailable")
    if not fits_audience(profile, reward):
        raise Conflict(_("This reward is for other members."), code="unavailable")
    if reward.member_limit is not None:
        had = Redemption.objects.kept().filter(profile=profile, reward=reward).count()
        if had >= reward.member_limit:
            raise Conflict(
                _("You have had this one as often as there is for one person."), code="limit_reached"
            )


def _take_unit(reward: Reward) -> Code | None:
    """Take one from the stock, or a code nobody else is taking. Raises Conflict when there is none."""
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
    """See to it that units stay uncounted until the transaction ends; many may at once.

    When an admin counted them meanwhile, the lock is given back: two who held it and then wanted to count down would wait
    for each other for ever.
    """
    mark = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stock IS NULL FROM points_reward WHERE id = %s FOR SHARE", [reward.pk])
        kept = bool(cursor.fetchone()[0])
    (transaction.savepoint_commit if kept else transaction.savepoint_rollback)(mark)
    return kept


def _refuse_out_of_stock() -> None:
    raise Conflict(_("The last one has just gone. We are getting more."), code="out_of_stock")


def _new_price(price: int) -> str:
    return ngettext(
        "The price changed while you looked: it is %(count)d point now. Nothing was spent.",
        "The price changed while you looked: it is %(count)d points now. Nothing was spent.",
        price,
    ) % {"count": price}


def _short_of(missing: int) -> str:
    return ngettext(
        "You are %(count)d point short of this.", "You are %(count)d points short of this.", missing
    ) % {"count": missing}


def _after_redeeming(redemption: Redemption) -> None:
    """Name the consequences: the channel hears of it, and whoever fulfils when little is left."""
    reward, profile = redemption.reward, redemption.profile
    announce(
        REWARD_REDEEMED,
        {
            "member": profile.name, "member_id": profile.pk, "reward": reward.title, "points": redemption.price,
            "url": f"{settings.SITE_URL}{profile.get_absolute_url()}", "next_step": _next_step(reward),
        },
        source_key=f"redemption:{redemption.pk}",
    )  # fmt: skip
    left = units_left(reward)
    if left is not None and left < reward.low_stock:
        from points.tasks import warn_low_stock

        enqueue(warn_low_stock, reward.pk)


def _next_step(reward: Reward) -> str:
    if reward.kind == RewardKind.CREDIT:
        return _("The code is theirs; nothing is to be done.")
    return _("Waits for the address, then for you.") if reward.needs_address else _("Waits for you.")


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
