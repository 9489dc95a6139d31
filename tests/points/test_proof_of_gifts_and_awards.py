"""`verify_ledger` also proves that gifts and awards are what the ledger says of them."""

from __future__ import annotations

from django.utils import timezone

from points.actions.awards import award_by_hand, grant, revoke_award
from points.actions.gifts import Wish, give_points
from points.actions.ledger import book, earn, reverse
from points.models import Award, Code, Kind
from points.queries.verify import mismatches
from profiles.models import Profile


def _named():
    return {what for what, _sentence, _detail in mismatches()}


def test_a_gift_that_was_changed_is_named(mo, tess, alice, bob, tamper):
    gift = give_points(mo, alice, wish=Wish(10, None, "For the fence."))
    assert _named() == set()
    for column, value in (("points", 99), ("receiver_id", bob.pk), ("giver_id", tess.pk)):
        tamper(f"UPDATE points_gift SET {column} = %s", value)
        assert _named() == {f"gift {gift.pk}"}, column
        tamper(f"UPDATE points_gift SET {column} = %s", getattr(gift, column))
    assert _named() == set()


def test_an_award_that_says_other_than_its_points_is_named(mo, alice, bob, achievement, tamper):
    one = achievement("hello", points=5)
    award = grant(alice.pk, one)
    grant(bob.pk, achievement("no-points"))
    revoke_award(mo, award, reason="A test.")
    award_by_hand(mo, alice, one)
    assert _named() == set()
    Award.objects.filter(pk=award.pk).update(revoked_at=timezone.now())
    assert _named() == {f"award {award.pk}"}
    tamper("UPDATE points_award SET revoked_at = NULL, profile_id = %s WHERE id = %s", bob.pk, award.pk)
    assert _named() == {f"award {award.pk}"}


def test_points_that_nobody_gave_or_earned_are_named(alice):
    gift, _made = book(alice.pk, Kind.GIFT, 10, cause="forged:1")
    award = earn(alice.pk, Kind.ACHIEVEMENT, cause="award:0", points=5)
    assert _named() == {f"transaction {gift.pk}", f"transaction {award.pk}"}


def test_a_reputation_that_was_not_earned_is_named(alice, bob):
    earned = earn(alice.pk, Kind.SOLUTION, cause="solution:1")
    assert earned.amount
    earn(alice.pk, Kind.REPLY, cause="reply:1")
    reverse("reply:1")
    assert _named() == set()
    Profile.objects.filter(pk__in=[alice.pk, bob.pk]).update(reputation=1000)
    assert _named() == {f"profile {alice.pk}", f"profile {bob.pk}"}


def test_a_code_that_was_given_out_to_nobody_is_named(credit):
    credit("voucher", ["AAA"])
    assert _named() == set()
    Code.objects.update(claimed_at=timezone.now())
    assert _named() == {f"code {Code.objects.get().pk}"}
