"""Booking, reversing and restoring; and what PostgreSQL refuses whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from points.actions.ledger import book, earn, restore, reverse
from points.models import Account, Entry, Kind, Transaction
from points.queries.ledger import balance_at, balance_of
from points.queries.verify import mismatches


def _give(profile, points, cause="gift:1"):
    return book(profile.pk, Kind.GIFT, points, cause=cause)


def _broken():
    """What breaks, but for what the bare verb cannot know: that nothing was redeemed, given or earned for the points."""
    return [one for one in mismatches() if not one[1].startswith("it was paid and nothing was ")]


def _raw(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _reputation(profile):
    profile.refresh_from_db()
    return profile.reputation


def test_a_cause_is_booked_once(alice):
    first, made = _give(alice, 10)
    again, made_again = _give(alice, 10)
    assert (made, made_again, again) == (True, False, first)
    assert balance_of(alice.pk) == 10
    assert _broken() == []


def test_reversed_and_restored_each_once_and_reputation_goes_along(alice):
    earn(alice.pk, Kind.ACHIEVEMENT, cause="award:1", points=20)
    assert (balance_of(alice.pk), _reputation(alice)) == (20, 20)
    assert reverse("award:1").kind == "reversal"
    assert reverse("award:1") is None
    assert (balance_of(alice.pk), _reputation(alice)) == (0, 0)
    assert restore("award:1").reverses.kind == "reversal"
    assert restore("award:1") is None
    assert (balance_of(alice.pk), _reputation(alice)) == (20, 20)
    assert _broken() == []


def test_gifts_and_spending_leave_reputation_alone(alice):
    _give(alice, 30)
    book(alice.pk, Kind.REDEMPTION, -10, cause="redemption:1")
    assert (balance_of(alice.pk), _reputation(alice)) == (20, 0)


def test_a_redemption_is_undone_by_a_refund_and_stays_undone(alice):
    _give(alice, 30)
    book(alice.pk, Kind.REDEMPTION, -30, cause="redemption:1")
    assert reverse("redemption:1").kind == "refund"
    assert restore("redemption:1") is None
    assert balance_of(alice.pk) == 30
    assert _broken() == []


def test_a_reversal_may_go_below_zero_and_then_nothing_can_be_spent(alice):
    _give(alice, 30)
    book(alice.pk, Kind.REDEMPTION, -25, cause="redemption:1")
    reverse("gift:1")
    assert balance_of(alice.pk) == -25
    with pytest.raises(IntegrityError, match="overdrawn"), transaction.atomic():
        book(alice.pk, Kind.REDEMPTION, -1, cause="redemption:2")
    assert _broken() == []


def test_the_balance_of_any_past_time(alice):
    now = timezone.now()
    book(alice.pk, Kind.GIFT, 10, cause="gift:1", at=now - timedelta(days=3))
    book(alice.pk, Kind.GIFT, 5, cause="gift:2", at=now - timedelta(days=1))
    days = [balance_at(alice.pk, now - timedelta(days=ago)) for ago in (4, 2, 0)]
    assert days == [0, 10, 15]


@pytest.mark.parametrize("table", ["points_entry", "points_transaction", "points_account"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_ledger_rows_cannot_be_changed_or_deleted(table, statement, alice, as_owner):
    _give(alice, 10)
    _raw("SELECT 1")  # what is checked at commit is checked now, or it would stand in the way
    with pytest.raises(DatabaseError, match="refused"):
        _raw(statement.format(table))


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE points_account SET balance = balance + 1 WHERE kind = 'wallet'", "follows its entries"),
        (
            "INSERT INTO points_account (kind, profile_id, balance) VALUES ('wallet', {bob}, 5)",
            "nothing in it",
        ),
        (
            "INSERT INTO points_entry (transaction_id, account_id, amount) VALUES ({tx}, -1, 5)",
            "duplicate|sum to zero",
        ),
        ("INSERT INTO points_entry (transaction_id, account_id, amount) VALUES ({tx}, -5, 0)", "sum to zero"),
        (
            """INSERT INTO points_transaction (kind, cause, wallet_id, amount, withheld, source_key, created_at)
               VALUES ('gift', 'raw', {wallet}, 5, 0, '', now())""",
            "sum to zero",
        ),
    ],
)
def test_raw_statements_cannot_make_points(statement, why, alice, bob, as_owner):
    booked, _made = _give(alice, 10)
    with pytest.raises(DatabaseError, match=why):
        _raw(statement.format(bob=bob.pk, tx=booked.pk, wallet=booked.wallet_id))
    assert balance_of(alice.pk) == 10


BREAKS = {
    "UPDATE points_account SET balance = balance + 7 WHERE kind = 'wallet'": "not the sum",
    "UPDATE points_entry SET amount = amount + 1 WHERE account_id > 0": "sum to zero",
    "UPDATE points_transaction SET amount = 11 WHERE kind = 'gift'": "sum to zero",
    "UPDATE points_entry SET account_id = -5 WHERE account_id = -4": "kind asks for",
    "UPDATE points_transaction SET kind = 'redemption', cause = 'x' WHERE kind = 'reversal'": "spent more|kind asks for|undo",
    "DELETE FROM points_entry WHERE account_id < 0": "sum to zero",
}


@pytest.mark.parametrize("statement", BREAKS)
def test_the_proof_names_what_was_changed_with_the_guards_off(statement, alice, tamper, capsys):
    _give(alice, 10)
    book(alice.pk, Kind.REDEMPTION, -4, cause="redemption:1")
    reverse("gift:1")
    tamper(statement)
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    said = capsys.readouterr()
    assert any(words in said.out for words in BREAKS[statement].split("|"))
    assert "Mismatches:" in said.err


def test_the_proof_says_what_it_proved(alice, give, capsys):
    give(alice, 10)
    call_command("verify_ledger")
    assert (
        capsys.readouterr().out == "The ledger holds. Entries: 2. Transactions: 1. Points outstanding: 10.\n"
    )


def test_system_accounts_exist_and_keep_no_balance(alice):
    _give(alice, 10)
    assert Account.objects.filter(profile=None).count() == 6
    assert set(Account.objects.filter(profile=None).values_list("balance", flat=True)) == {0}
    assert Entry.objects.get(account_id=-4).amount == -10


def test_transaction_texts_can_be_erased_and_rows_stay(alice):
    booked, _made = book(alice.pk, Kind.GIFT, 10, cause="gift:1", reason="Thanks, Alice", title="A talk")
    booked.detail.delete()
    assert Transaction.objects.get().amount == 10
    assert _broken() == []
