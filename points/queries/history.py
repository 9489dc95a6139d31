"""The history of a wallet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from points.models import Kind, Redemption, Transaction
from profiles.models import Profile

PAGE = 20


@dataclass(frozen=True)
class HistoryRow:
    """`note` is a second line, linked to `url` if there is one; `quote` is the reason somebody gave."""

    transaction: Transaction
    title: str
    note: str
    quote: str
    url: str
    redemption: Redemption | None

    @property
    def size(self) -> int:
        """The points without their sign."""
        return abs(self.transaction.amount)


def transactions_of(profile: Profile) -> QuerySet[Transaction]:
    """Return the transactions of a wallet with their texts, newest first."""
    found = Transaction.objects.filter(wallet__profile=profile).select_related("detail", "origin__detail")
    return found.select_related("redemption__reward", "redemption__order", "redemption__code").order_by("-id")


def history(profile: Profile, *, before: int | None = None) -> tuple[list[HistoryRow], int | None]:
    """Return a page of the history, and the id before which the next one begins (None at the end)."""
    found = transactions_of(profile)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    older = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return in_words(rows[:PAGE]), older


def in_words(transactions: list[Transaction]) -> list[HistoryRow]:
    """Return transactions as rows, with one query more, however many there are."""
    givers = {one.actor_id for one in transactions if one.kind == Kind.GIFT and one.actor_id}
    names = dict(Profile.objects.filter(pk__in=givers).values_list("pk", "name")) if givers else {}
    return [_row(one, names) for one in transactions]


def _row(one: Transaction, names: dict[int, str]) -> HistoryRow:
    first = one.origin or one
    detail = getattr(first, "detail", None)
    title, url = (detail.title, detail.url) if detail else ("", "")
    redemption = getattr(one, "redemption", None)
    heading, note = _heading(one, first, title, names)
    own = getattr(one, "detail", None)
    return HistoryRow(one, heading, note or _state_of(redemption), own.reason if own else "", url, redemption)


def _heading(one: Transaction, first: Transaction, title: str, names: dict[int, str]) -> tuple[str, str]:
    """Return the title of a row, and its second line."""
    if one is not first:
        what, note = _heading(first, first, title, names)
        returned = one.kind in (Kind.RESTORATION, Kind.REFUND)
        words = _("Points returned: %(what)s") if returned else _("Points taken back: %(what)s")
        return words % {"what": what}, note
    if one.kind == Kind.REPLY:
        return _("Reply"), title
    if one.kind == Kind.SOLUTION:
        return _("Your reply was marked as the solution"), title
    if one.kind == Kind.ACHIEVEMENT:
        return _("Achievement: %(title)s") % {"title": title}, ""
    if one.kind == Kind.GIFT:
        name = names.get(one.actor_id or 0)
        return (_("Awarded by %(name)s") % {"name": name} if name else _("Points awarded")), title
    return _("Redeemed: %(title)s") % {"title": title}, ""


def _state_of(redemption: Redemption | None) -> str:
    if redemption is None or not redemption.reward.needs_address or redemption.refunded_at:
        return ""
    order = getattr(redemption, "order", None)
    if order is None:
        return _("Not ordered yet")
    if order.sent_at is None:
        return _("Ordered")
    return _("Sent. Tracking: %(tracking)s") % {"tracking": order.tracking} if order.tracking else _("Sent")
