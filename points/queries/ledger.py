"""Balances, now and then."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from points.models import Account, Entry


def balance_of(profile_id: int) -> int:
    """Return what the person has; 0 without a wallet, below zero after a reversal of what is spent."""
    return Account.objects.filter(profile_id=profile_id).values_list("balance", flat=True).first() or 0


def balance_at(profile_id: int, moment: datetime) -> int:
    """Return what the person had at `moment`, from the entries themselves."""
    entries = Entry.objects.filter(account__profile_id=profile_id, transaction__created_at__lte=moment)
    return entries.aggregate(total=Sum("amount"))["total"] or 0
