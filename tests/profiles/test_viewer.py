"""Who reads, and when they were last here."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from profiles.backends import ProfileBackend
from profiles.models import User


def seen(profile, ago: timedelta) -> User:
    User.objects.filter(pk=profile.user_id).update(last_seen_at=timezone.now() - ago)
    return User.objects.get(pk=profile.user_id)


def test_a_signed_in_person_costs_two_queries_a_moderator_three(alice, tess, as_, django_assert_num_queries):
    for person, queries in ((alice, 2), (tess, 3)):  # the third counts what waits for a moderator
        browser = as_(person)
        browser.get("/settings/security/")
        with django_assert_num_queries(queries):
            browser.get("/settings/security/")


def test_user_profile_and_team_come_in_one_query(tess, django_assert_num_queries):
    with django_assert_num_queries(1):
        user = ProfileBackend().get_user(tess.user_id)
        assert user.profile.team.name == "Pipelines" and user.profile.user is user


def test_somebody_who_was_suspended_is_nobody(sam):
    assert ProfileBackend().get_user(sam.user_id) is None


def test_a_visit_is_noted_once_a_minute(alice, as_):
    browser = as_(alice)
    before = seen(alice, timedelta(seconds=30)).last_seen_at
    browser.get("/settings/security/")
    assert User.objects.get(pk=alice.user_id).last_seen_at == before
    before = seen(alice, timedelta(minutes=2)).last_seen_at
    browser.get("/settings/security/")
    after = User.objects.get(pk=alice.user_id)
    assert after.last_seen_at > before and after.previous_visit_at is None, "the same visit goes on"


def test_after_half_an_hour_it_is_a_new_visit(alice, as_):
    before = seen(alice, timedelta(minutes=31)).last_seen_at
    as_(alice).get("/settings/security/")
    assert User.objects.get(pk=alice.user_id).previous_visit_at == before


def test_a_user_without_a_profile_is_a_guest_until_they_sign_in(db, guest):
    user = User.objects.create_superuser("ops@example.com", "a long and quiet evening", first_name="Olga")
    guest.force_login(user, backend="profiles.backends.ProfileBackend")
    assert guest.get("/settings/profile/").status_code == 302
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    guest.logout()
    guest.post("/accounts/login/", {"login": user.email, "password": "a long and quiet evening"})
    assert guest.get("/settings/profile/").status_code == 200
    assert User.objects.get(pk=user.pk).profile.name == "Olga"
