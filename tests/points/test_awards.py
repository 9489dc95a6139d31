"""Achievements are earned by rule, once, and paid through the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from community.audit.models import LogEntry
from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from points import triggers
from points.actions.achievements import award_everybody
from points.actions.awards import award_by_hand, award_reached, grant, revoke_award, show_award
from points.models import Award, Transaction
from points.queries.ledger import balance_of
from points.queries.verify import mismatches
from profiles.actions.profiles import update_profile
from profiles.models import Delivery, Notification, Profile


@pytest.fixture(autouse=True)
def _the_ledger_holds(db):
    yield
    assert list(mismatches()) == []


def _reputation(profile):
    return Profile.objects.values_list("reputation", flat=True).get(pk=profile.pk)


def test_writing_a_bio_earns_it_once(alice, achievement, committed):
    bio = achievement("hello", trigger=triggers.BIO_WRITTEN, points=5)
    for text in ("I grow apples.", "", "I grow pears."):
        with committed():
            update_profile(alice, alice, bio=text)
    award = Award.objects.get()
    assert (award.profile_id, award.achievement, award.awarded_by_id) == (alice.pk, bio, None)
    assert (balance_of(alice.pk), _reputation(alice)) == (5, 5)
    assert Transaction.objects.get().cause == f"award:{award.pk}"


def test_questions_replies_and_solutions_count(alice, bob, topic, achievement, committed):
    achievement("asked", trigger=triggers.QUESTIONS, points=1)
    achievement("replied", trigger=triggers.REPLIES, threshold=2, points=1)
    achievement("solved", trigger=triggers.SOLUTIONS, points=1)
    achievement("helped", trigger=triggers.PEOPLE_HELPED, threshold=2, points=1)
    with committed():
        thread = ask(alice, topic=topic, subject="Why is it empty?", body="No rows.")
    with committed():
        post_reply(alice, thread, body="On my own thread.")
        one = post_reply(bob, thread, body="Check the filter.")
    assert _slugs(alice) == ["asked"] and _slugs(bob) == []
    with committed():
        post_reply(bob, thread, body="And the date.")
        mark_solution(alice, one)
    assert _slugs(bob) == ["replied", "solved"]


def _slugs(profile):
    return sorted(Award.objects.filter(profile=profile).values_list("achievement__slug", flat=True))


def test_a_draft_is_not_earned(alice, achievement, committed):
    achievement("hello", trigger=triggers.BIO_WRITTEN, published_at=None)
    with committed():
        update_profile(alice, alice, bio="I grow apples.")
    assert not Award.objects.exists()


def test_an_achievement_without_points_is_no_transaction(alice, achievement):
    assert grant(alice.pk, achievement("kind")) is not None
    assert not Transaction.objects.exists()


def test_bots_banned_and_unclaimed_people_earn_nothing(sam, bob, alice, achievement):
    achievement("hello", trigger=triggers.BIO_WRITTEN)
    Profile.objects.update(bio="Text")
    Profile.objects.filter(pk=bob.pk).update(is_bot=True)
    Profile.objects.filter(pk=alice.pk).update(user=None)
    assert award_everybody() == 0
    assert award_reached(sam.pk, triggers.BIO_WRITTEN) == []


def test_anniversaries_are_awarded_by_the_daily_task(alice, bob, achievement):
    achievement("two-years", trigger=triggers.ANNIVERSARY, threshold=2, points=3)
    Profile.objects.filter(pk=alice.pk).update(created_at=timezone.now() - timedelta(days=732))
    Profile.objects.filter(pk=bob.pk).update(created_at=timezone.now() - timedelta(days=728))
    assert (award_everybody(), award_everybody()) == (1, 0)
    assert balance_of(alice.pk) == 3


def test_award_by_hand_needs_a_moderator_and_another_member(alice, bob, mo, achievement):
    one = achievement("fixed-the-docs", points=10)
    for actor in (None, bob):
        with pytest.raises(PermissionDenied):
            award_by_hand(actor, alice, one)
    with pytest.raises(PermissionDenied, match="yourself"):
        award_by_hand(mo, mo, one)
    award_by_hand(mo, alice, one, reason="The page on filters.")
    with pytest.raises(ValidationError, match="already"):
        award_by_hand(mo, alice, one)
    assert balance_of(alice.pk) == 10
    entry = LogEntry.objects.select_related("detail").get(action="award.given")
    assert (entry.actor_id, entry.target, entry.detail.reason) == (
        mo.pk,
        f"profile:{alice.pk}",
        "The page on filters.",
    )


def test_a_revoked_award_takes_its_points_and_is_not_earned_again(alice, mo, bob, achievement, committed):
    achievement("hello", trigger=triggers.BIO_WRITTEN, points=5)
    with committed():
        update_profile(alice, alice, bio="I grow apples.")
    award = Award.objects.get()
    with pytest.raises(PermissionDenied):
        revoke_award(bob, award, reason="Envy.")
    with pytest.raises(ValidationError, match="reason"):
        revoke_award(mo, award, reason=" ")
    revoke_award(mo, award, reason="Copied from a stranger.")
    assert (balance_of(alice.pk), _reputation(alice)) == (0, 0)
    assert award_everybody() == 0
    with pytest.raises(ValidationError, match="already"):
        revoke_award(mo, award, reason="Again.")
    award_by_hand(mo, alice, award.achievement)
    assert (balance_of(alice.pk), _reputation(alice)) == (5, 5)


def test_owners_alone_hide_their_awards(alice, bob, mo, achievement):
    award = grant(alice.pk, achievement("kind"))
    for actor in (None, bob, mo):
        with pytest.raises(PermissionDenied):
            show_award(actor, award, shown=False)
    show_award(alice, award, shown=False)
    assert list(Award.objects.visible_to(bob)) == [] and list(Award.objects.visible_to(alice)) == [award]
    show_award(alice, award, shown=True)
    assert list(Award.objects.visible_to(None)) == [award]


@pytest.mark.django_db(transaction=True)
def test_award_exists_once_when_awarded_in_parallel(alice, bob, achievement):
    one = achievement("race", points=7)

    def award(number):
        try:
            return grant((alice if number % 2 else bob).pk, one) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(award, range(24))) == 2
    assert (balance_of(alice.pk), balance_of(bob.pk), Award.objects.count()) == (7, 7, 2)


@pytest.mark.django_db(transaction=True)
def test_awards_and_replies_in_parallel_do_not_deadlock(alice, bob, topic, achievement):
    achievement("replied", trigger=triggers.REPLIES, threshold=3, points=1)
    hand = achievement("by-hand", points=1)
    thread = ask(alice, topic=topic, subject="Why?", body="How?")

    def work(number):
        try:
            if number % 3:
                post_reply(bob, thread, body=f"Like this, {number}.")
            else:
                grant(bob.pk, hand)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(18)))
    assert _slugs(bob) == ["by-hand", "replied"]
    assert balance_of(bob.pk) == 7


def test_award_and_revocation_notify_once_each(alice, mo, achievement):
    hello = achievement("hello")
    award = grant(alice.pk, hello)
    grant(alice.pk, hello)
    revoke_award(mo, award, reason="A test account.")
    award_by_hand(mo, alice, hello)
    told = list(Notification.objects.filter(profile=alice).order_by("pk").values_list("kind", "title"))
    assert told == [
        ("achievement", "You earned an achievement: Hello"),
        ("achievement", "Your achievement was revoked: Hello"),
        ("achievement", "You earned an achievement: Hello"),
    ]
    assert not Delivery.objects.filter(profile=alice, state="queued").exists()


@pytest.mark.django_db(transaction=True)
def test_award_is_revoked_once_when_revoked_in_parallel(alice, mo, achievement):
    award = grant(alice.pk, achievement("hello", points=5))

    def revoke(number):
        try:
            revoke_award(mo, award, reason=f"Press {number}.")
            return True
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(revoke, range(8)))
    assert done.count(True) == 1
    assert balance_of(alice.pk) == 0 and _reputation(alice) == 0
    assert Transaction.objects.filter(kind="reversal").count() == 1
    assert LogEntry.objects.filter(action="award.revoked").count() == 1
