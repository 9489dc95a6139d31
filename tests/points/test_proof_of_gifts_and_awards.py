"""`verify_ledger` also proves that gifts and awards are what the ledger says of them."""

from __future__ import annotations

from django.utils import timezone

from points.actions.awards import award_by_hand, grant, revoke_award
from points.actions.gifts import Wish, give_points
from points.models import Award, Gift
from points.queries.verify import mismatches


def _named():
    return {what for what, _sentence, _detail in mismatches()}


def test_a_gift_that_was_changed_is_named(mo, tess, alice, bob):
    gift = give_points(mo, alice, wish=Wish(10, None, "For the fence."))
    assert _named() == set()
    for change in ({"points": 99}, {"receiver": bob}, {"giver": tess}):
        before = {name: getattr(gift, name) for name in change}
        Gift.objects.update(**change)
        assert _named() == {f"gift {gift.pk}"}, change
        Gift.objects.update(**before)
    assert _named() == set()


def test_an_award_that_says_other_than_its_points_is_named(mo, alice, bob, achievement):
    one = achievement("hello", points=5)
    award = grant(alice.pk, one)
    grant(bob.pk, achievement("no-points"))
    revoke_award(mo, award, reason="A test.")
    award_by_hand(mo, alice, one)
    assert _named() == set()
    for change in ({"revoked_at": timezone.now()}, {"revoked_at": None, "profile": bob}):
        Award.objects.filter(pk=award.pk).update(**change)
        assert _named() == {f"award {award.pk}"}, change
