"""Moderators thank people with points: with a reason, within a limit, once a press, never themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from community.audit.models import LogEntry
from community.lib.errors import Conflict
from integrations.models import OutboxEvent
from points.actions.gifts import Wish, give_points
from points.models import Gift, GiftCategory, Transaction
from points.policy import day_of, offer_gift_categories
from points.queries.gifts import left_today
from points.queries.ledger import balance_of
from points.queries.verify import mismatches
from profiles.models import Notification, Profile


@pytest.fixture(autouse=True)
def _the_ledger_holds(db):
    yield
    assert list(mismatches()) == []


@pytest.fixture
def report(db):
    offer_gift_categories()
    return GiftCategory.objects.get(slug="good-report")


@pytest.fixture
def wish(report):
    return lambda points=25, reason="It showed us the bug.": Wish(points, report, reason)


def test_award_adds_points_notifies_and_is_logged(mo, alice, wish, settings):
    settings.SLACK_WEBHOOK_URL = "https://hooks.slack.example/T/B/x"
    gift = give_points(mo, alice, wish=wish())
    assert balance_of(alice.pk) == 25
    assert Profile.objects.get(pk=alice.pk).reputation == 0
    told = Notification.objects.get(profile=alice)
    assert (
        told.title == "Mo Example awarded you 25 points"
        and told.url == f"/community/profiles/{alice.pk}/?tab=points"
    )
    entry = LogEntry.objects.get(action="points.gifted")
    assert (entry.actor_id, entry.target, entry.after["points"]) == (mo.pk, f"profile:{alice.pk}", 25)
    assert (
        entry.detail.title == "Mo Example to Alice Example" and entry.detail.reason == "It showed us the bug."
    )
    said = OutboxEvent.objects.get(source_key=f"gift:{gift.pk}").payload["data"]
    assert (
        said["giver"] == "Mo Example"
        and said["member"] == "Alice Example"
        and said["reason"] == "It showed us the bug."
    )
    assert "@" not in str(said)


def test_email_address_in_a_reason_is_not_announced(mo, alice, wish, settings):
    settings.SLACK_WEBHOOK_URL = "https://hooks.slack.example/T/B/x"
    give_points(mo, alice, wish=wish(reason="Her mail (alice@example.com) made it clear."))
    assert OutboxEvent.objects.get().payload["data"]["reason"] == "Her mail (…@…) made it clear."


def test_only_moderators_award_points(alice, bob, cleo, mo, root, wish):
    for actor in (None, bob, cleo):
        with pytest.raises(PermissionDenied):
            give_points(actor, alice, wish=wish())
    give_points(mo, alice, wish=wish())
    give_points(root, alice, wish=wish())
    assert balance_of(alice.pk) == 50


def test_suspended_moderator_cannot_award_points(mo, alice, wish):
    mo.user.is_active = False
    mo.user.save()
    with pytest.raises(PermissionDenied):
        give_points(mo, alice, wish=wish())


def test_moderator_cannot_award_points_to_themselves(mo, wish):
    with pytest.raises(PermissionDenied):
        give_points(mo, mo, wish=wish())


def test_points_are_not_awarded_to_banned_deleted_or_bot_accounts(mo, sam, alice, bob, person, wish):
    Profile.objects.filter(pk=alice.pk).update(deactivated_at=timezone.now())
    Profile.objects.filter(pk=bob.pk).update(is_bot=True)
    nobody = person("nobody")
    Profile.objects.filter(pk=nobody.pk).update(user=None)
    for receiver in (sam, alice, bob, nobody):
        with pytest.raises(Conflict) as refusal:
            give_points(mo, receiver, wish=wish())
        assert refusal.value.code == "unavailable"
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(("points", "reason", "field"), [
    (0, "For that.", "points"), (-5, "For that.", "points"), (501, "For that.", "points"), (10**30, "For that.", "points"),
    (5, "  \x00 \n", "reason"), (5, "x" * 301, "reason"),
])  # fmt: skip
def test_invalid_award_says_why(mo, alice, report, points, reason, field):
    with pytest.raises(ValidationError) as refusal:
        give_points(mo, alice, wish=Wish(points, report, reason))
    assert list(refusal.value.message_dict) == [field]


def test_a_day_has_a_limit_and_the_next_day_a_new_one(mo, tess, alice, wish):
    start, _end = day_of(timezone.now())
    give_points(mo, alice, wish=wish(480), at=start - timedelta(seconds=1))
    give_points(mo, alice, wish=wish(480))
    assert left_today(mo) == 20
    with pytest.raises(Conflict) as refusal:
        give_points(mo, alice, wish=wish(21))
    assert refusal.value.code == "limit_reached" and "20 of 500" in refusal.value.sentence
    give_points(mo, alice, wish=wish(20))
    give_points(tess, alice, wish=wish(100))
    assert balance_of(alice.pk) == 480 + 480 + 20 + 100


def test_key_awards_once(mo, alice, bob, wish):
    first = give_points(mo, alice, wish=wish(), key="page-1")
    assert give_points(mo, alice, wish=wish(), key="page-1") == first
    give_points(mo, bob, wish=wish(), key="page-1")
    with pytest.raises(Conflict) as refusal:
        give_points(mo, alice, wish=wish(30), key="page-1")
    assert refusal.value.code == "idempotency_key_reused"
    assert (balance_of(alice.pk), balance_of(bob.pk), Gift.objects.count()) == (25, 25, 2)


def _at_once(count, act):
    def run(number):
        try:
            return act(number)
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_twelve_gifts_at_once_stay_within_the_limit(mo, alice, bob, charlie, wish):
    people = [alice, bob, charlie]
    outcomes = _at_once(12, lambda number: give_points(mo, people[number % 3], wish=wish(100)))
    assert outcomes.count("limit_reached") == 7
    assert sum(balance_of(one.pk) for one in people) == 500
    assert left_today(mo) == 0


@pytest.mark.django_db(transaction=True)
def test_award_sent_eight_times_is_made_once(mo, alice, wish):
    gifts = _at_once(8, lambda number: give_points(mo, alice, wish=wish(), key="press").pk)
    assert len(set(gifts)) == 1 and balance_of(alice.pk) == 25


@pytest.mark.django_db(transaction=True)
def test_moderators_awarding_each_other_do_not_deadlock(mo, tess, wish):
    pairs = [(mo, tess), (tess, mo)]
    _at_once(10, lambda number: give_points(*pairs[number % 2], wish=wish(10)))
    assert (balance_of(mo.pk), balance_of(tess.pk)) == (50, 50)
