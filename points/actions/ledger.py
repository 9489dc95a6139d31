"""The ledger's verbs: book, earn, reverse, restore. Whoever calls them has checked who may.

Locking contract: profile, then wallet, then (redeeming) reward and code; the audit log's lock comes last. Forum actions hold
thread, post, topics and tags before, in that order. Who books for several people calls `lock_people` first, which takes them
in order of id. Everything happens in the caller's transaction, so a contribution and its points are both there or neither.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from points.models import Account, AccountKind, Kind, Transaction, TransactionDetail
from points.policy import CONTRIBUTIONS, COUNTERPARTS, EARNINGS, day_of
from profiles.levels import ADD_REPUTATION
from profiles.models import Profile

UNDOING = frozenset({Kind.REVERSAL, Kind.REFUND})
# One statement for a whole booking: the wallet is locked while it runs, and a reply has fifteen queries to
# live on.
INSERT = f"""
WITH booked AS (
    INSERT INTO points_transaction
        (kind, cause, wallet_id, amount, withheld, actor_id, source_key, reverses_id, origin_id, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
), sides AS (
    INSERT INTO points_entry (transaction_id, account_id, amount)
    SELECT booked.id, side.account, side.amount
    FROM booked, (VALUES (%s::bigint, %s::bigint), (%s::bigint, %s::bigint)) AS side (account, amount)
), words AS (
    INSERT INTO points_transactiondetail (transaction_id, title, url, reason)
    SELECT booked.id, %s, %s, %s FROM booked WHERE %s
), known_for AS (
    {ADD_REPUTATION} AND %s
)
SELECT id FROM booked
"""  # noqa: S608 - our own words


@transaction.atomic
def earn(
    profile_id: int,
    kind: str,
    *,
    cause: str,
    points: int | None = None,
    actor_id: int | None = None,
    source_key: str = "",
    title: str = "",
    url: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> Transaction:
    """See to it that `cause` is paid, once: book it, or restore it when it was reversed. Returns the newest of its chain.

    `points` is needed for kinds that `EARNINGS` does not price. Past the day's cap the row is booked with nothing in it.
    """
    wallet = _locked_wallet(profile_id, with_profile=True)
    rule, at = EARNINGS.get(kind), at or timezone.now()
    known_id, paid = _known_and_paid_on_day(cause, wallet, kind, at)
    if known_id is not None:
        known = Transaction.objects.get(pk=known_id)
        return _restore(wallet, known, actor_id=actor_id, reason="") or known
    worth = points if points is not None else EARNINGS[kind].points
    capped = rule is not None and rule.per_day is not None and paid >= rule.per_day
    return _book(
        wallet,
        kind,
        0 if capped else worth,
        cause=cause,
        withheld=worth if capped else 0,
        actor_id=actor_id,
        source_key=source_key,
        words={"title": title, "url": url, "reason": reason},
        at=at,
    )


@transaction.atomic
def book(
    profile_id: int,
    kind: str,
    amount: int,
    *,
    cause: str,
    actor_id: int | None = None,
    source_key: str = "",
    title: str = "",
    url: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> tuple[Transaction, bool]:
    """Move `amount` into the wallet (out of it when negative), once per cause; say whether it was booked just now.

    The plain verb for gifts and redemptions; contributions go through `earn`. Raises IntegrityError for an overdraft:
    look at the locked wallet's balance first.
    """
    wallet = _locked_wallet(profile_id)
    if (known := Transaction.objects.filter(cause=cause).first()) is not None:
        return known, False
    words = {"title": title, "url": url, "reason": reason}
    return _book(
        wallet, kind, amount, cause=cause, actor_id=actor_id, source_key=source_key, words=words, at=at
    ), True


@transaction.atomic
def reverse(cause: str, *, actor_id: int | None = None, reason: str = "") -> Transaction | None:
    """Take back what `cause` brought; nothing happens when it was never booked, is worth nothing, or is reversed already.

    A redemption is undone by a refund, anything else by a reversal, which may leave the wallet below zero.
    """
    first = Transaction.objects.filter(cause=cause).select_related("wallet").first()
    if first is None or first.amount == 0:
        return None
    wallet = _lock_owner(first)
    last = newest_of(first)
    if last.kind in UNDOING:
        return None
    kind = Kind.REFUND if first.kind == Kind.REDEMPTION else Kind.REVERSAL
    return _undo(wallet, first, last, kind, actor_id=actor_id, reason=reason)


@transaction.atomic
def restore(cause: str, *, actor_id: int | None = None, reason: str = "") -> Transaction | None:
    """Give back what a reversal took: a new cause that names the reversal.

    Nothing happens when none is in force.
    """
    first = Transaction.objects.filter(cause=cause).select_related("wallet").first()
    return None if first is None else _restore(_lock_owner(first), first, actor_id=actor_id, reason=reason)


def newest_of(first: Transaction) -> Transaction:
    """Return the newest of a chain of reversals and restorations, or `first` itself."""
    return Transaction.objects.filter(origin=first).order_by("-id").first() or first


def lock_people(profile_ids: Collection[int]) -> None:
    """Lock the profiles of several people in order of id; their wallets follow one by one."""
    list(
        Profile.objects.select_for_update(no_key=True)
        .filter(pk__in=profile_ids)
        .order_by("pk")
        .values_list("pk")
    )


def lock_wallet(profile_id: int) -> Account:
    """Return the person's wallet, opened when they have none, locked until the transaction ends."""
    return _locked_wallet(profile_id)


def _locked_wallet(profile_id: int, *, with_profile: bool = False) -> Account:
    """Lock the wallet, and the profile before it when asked: PostgreSQL locks in the order OF names them."""
    tables = "p, a" if with_profile else "a"
    statement = f"""SELECT a.* FROM profiles_profile p JOIN points_account a ON a.profile_id = p.id
                    WHERE p.id = %s FOR NO KEY UPDATE OF {tables}"""  # noqa: S608 - our own names
    found = next(iter(Account.objects.raw(statement, [profile_id])), None)
    if found is not None:
        return found
    Account.objects.bulk_create(
        [Account(kind=AccountKind.WALLET, profile_id=profile_id)], ignore_conflicts=True
    )
    return Account.objects.raw(statement, [profile_id])[0]


def _lock_owner(first: Transaction) -> Account:
    owner = first.wallet.profile_id
    assert owner is not None  # the database: a transaction's wallet is a wallet
    return _locked_wallet(owner, with_profile=True)


def _restore(wallet: Account, first: Transaction, *, actor_id: int | None, reason: str) -> Transaction | None:
    last = newest_of(first)
    if last.kind not in UNDOING or first.kind == Kind.REDEMPTION:
        return None
    return _undo(wallet, first, last, Kind.RESTORATION, actor_id=actor_id, reason=reason)


def _undo(
    wallet: Account, first: Transaction, last: Transaction, kind: str, *, actor_id: int | None, reason: str
) -> Transaction:
    return _book(
        wallet,
        kind,
        -last.amount,
        cause=f"{kind}:{last.pk}",
        actor_id=actor_id,
        source_key=first.source_key,
        words={"reason": reason},
        reverses=last,
        origin=first,
    )


def _book(
    wallet: Account,
    kind: str,
    amount: int,
    *,
    cause: str,
    actor_id: int | None,
    source_key: str,
    words: dict[str, str],
    withheld: int = 0,
    reverses: Transaction | None = None,
    origin: Transaction | None = None,
    at: datetime | None = None,
) -> Transaction:
    """Write a transaction, its two entries and its words; reputation follows contributions, whose caller holds the profile.

    The triggers move the balance and check the sum.
    """
    booked = Transaction(
        kind=kind,
        cause=cause,
        wallet=wallet,
        amount=amount,
        withheld=withheld,
        actor_id=actor_id,
        source_key=source_key,
        reverses=reverses,
        origin=origin,
        created_at=at or timezone.now(),
    )
    title, url, reason = (words.get(name, "").replace("\x00", "") for name in ("title", "url", "reason"))
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [
                kind,
                cause,
                wallet.pk,
                amount,
                withheld,
                actor_id,
                source_key,
                booked.reverses_id,
                booked.origin_id,
                booked.created_at,
                wallet.pk,
                amount,
                COUNTERPARTS[kind],
                -amount,
                title[:200],
                url[:500],
                reason,
                bool(title or url or reason),
                amount,
                amount,
                wallet.profile_id,
                (origin or booked).kind in CONTRIBUTIONS,
            ],
        )
        booked.pk = cursor.fetchone()[0]
    booked._state.adding = False
    wallet.balance += amount
    return booked


def _known_and_paid_on_day(cause: str, wallet: Account, kind: str, at: datetime) -> tuple[int | None, int]:
    """Return the transaction of `cause`, and how many of the kind were paid on the day of `at`.

    Those taken back since count as well: deleting and writing again earns nothing more. Read once the wallet is locked.
    """
    start, end = day_of(at)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT id FROM points_transaction WHERE cause = %s),
                      (SELECT count(*) FROM points_transaction
                       WHERE wallet_id = %s AND kind = %s AND created_at >= %s AND created_at < %s AND amount > 0)""",
            [cause, wallet.pk, kind, start, end],
        )
        known, paid = cursor.fetchone()
    return known, paid


def rename_sources(source_keys: Collection[str], title: str, title_now: str, url_now: str) -> None:
    """Put a new title and address into the words of transactions whose sources were called `title`."""
    words = TransactionDetail.objects.filter(transaction__source_key__in=list(source_keys), title=title)
    words.update(title=title_now, url=url_now)
