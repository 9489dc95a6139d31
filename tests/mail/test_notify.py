"""Telling people: once, as they want it, never the one who did it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.actions.notifications import dismiss_notifications, notify, read_notifications
from profiles.hooks import hooks
from profiles.mail.preferences import set_preference
from profiles.models import Delivery, Notification
from profiles.notifications import Kind, add_kind
from profiles.queries import notifications_of, unread_count


@pytest.fixture(autouse=True)
def _kinds():
    add_kind(Kind("test", "Tests"))
    add_kind(Kind("decision", "Decisions", fixed=True))
    add_kind(Kind("team", "For the team", least_role="moderator"))


def tell(people, kind="test", source="post:1", **more):
    return notify(
        people,
        kind,
        source_key=source,
        title="Some\r\nBcc: x@y.example title",
        url="/questions/x/#post-1",
        **more,
    )


def told(profile):
    return list(notifications_of(profile).values_list("kind", "source_key"))


def test_everyone_is_told_once(alice, bob, charlie):
    assert tell([alice, bob.pk], actor=charlie) == 2
    assert tell([alice, bob], actor=charlie) == 0
    assert told(alice) == told(bob) == [("test", "post:1")]
    assert Delivery.objects.filter(state="queued").count() == 2


def test_the_one_who_did_it_is_not_told(alice, bob):
    tell([alice, bob], actor=alice)
    assert told(alice) == []
    assert told(bob) == [("test", "post:1")]


def test_notify_skips_people_with_a_no_contact_order(alice, bob, charlie, monkeypatch):
    alice.restricted_until = timezone.now() + timedelta(days=1)
    alice.save()
    monkeypatch.setattr(
        hooks, "no_contacts", lambda who: frozenset({bob.pk}) if who == alice else frozenset()
    )
    tell([bob, charlie], actor=alice)
    assert told(bob) == []
    assert told(charlie) == [("test", "post:1")]


def test_a_mail_that_was_turned_off_is_noted_as_skipped(alice):
    set_preference(alice, "test", email=False)
    assert tell([alice]) == 0
    row = Delivery.objects.get(profile=alice)
    assert (row.state, row.reason, row.next_attempt_at) == ("skipped", "preference", None)
    assert told(alice) == [("test", "post:1")]


def test_what_was_turned_off_in_the_house_still_comes_as_mail(alice):
    set_preference(alice, "test", in_app=False)
    assert tell([alice]) == 1
    assert told(alice) == []


def test_decisions_about_a_person_cannot_be_turned_off(alice):
    with pytest.raises(Exception, match="can’t turn off"):
        set_preference(alice, "decision", email=False)


def test_banned_people_closed_accounts_and_imported_authors_are_not_told(alice, bob, sam):
    alice.user = None
    alice.save()
    assert tell([alice, sam]) == 0
    assert Notification.objects.count() == 0


def test_kinds_for_the_team_reach_the_team_only(alice, mo):
    assert tell([alice, mo], kind="team") == 1
    assert told(alice) == []


def test_titles_are_one_line(alice):
    tell([alice])
    assert Notification.objects.get().title == "Some Bcc: x@y.example title"


def test_reading_and_dismissing_change_ones_own_only(alice, bob, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell([alice, bob])
        tell([alice], source="post:2")
    assert unread_count(alice) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert (
            read_notifications(bob, Notification.objects.filter(profile=alice).values_list("pk", flat=True))
            == 0
        )
        assert read_notifications(alice, [notifications_of(alice)[0].pk]) == 1
    assert (unread_count(alice), unread_count(bob)) == (1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert dismiss_notifications(alice) == 2
    assert (told(alice), unread_count(alice), unread_count(bob)) == ([], 0, 1)


def test_telling_a_hundred_takes_no_more_queries_than_telling_one(alice, person, django_assert_num_queries):
    many = [person(f"m{n}") for n in range(12)]
    with django_assert_num_queries(1 + 2):
        tell([alice])
    with django_assert_num_queries(1 + 2):
        tell(many, source="post:9")
