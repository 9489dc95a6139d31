"""Roles count from the next request on, and every change is recorded."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from community.audit.models import LogEntry
from profiles.actions.roles import set_role
from profiles.models import Profile, User
from profiles.permissions import is_admin, is_champion, is_moderator


def test_a_role_counts_on_the_next_request(as_, charlie, root):
    browser = as_(charlie)
    assert browser.get("/admin/").status_code == 302
    set_role(root, charlie, "moderator")
    assert browser.get("/admin/").status_code == 200
    set_role(root, charlie, "member")
    assert browser.get("/admin/").status_code == 302


def test_flags_and_group_follow_the_role(charlie, root):
    for role, staff, superuser, groups in (
        ("champion", False, False, []),
        ("moderator", True, False, ["Moderators"]),
        ("admin", True, True, []),
        ("member", False, False, []),
    ):
        set_role(root, charlie, role)
        user = User.objects.get(pk=charlie.user_id)
        assert (user.role, user.is_staff, user.is_superuser) == (role, staff, superuser)
        assert [group.name for group in user.groups.all()] == groups
        assert Profile.objects.get(pk=charlie.pk).role == role


def test_roles_rise(alice, cleo, mo, root):
    assert [is_champion(one) for one in (None, alice, cleo, mo, root)] == [False, False, True, True, True]
    assert [is_moderator(one) for one in (None, alice, cleo, mo, root)] == [False, False, False, True, True]
    assert [is_admin(one) for one in (None, alice, cleo, mo, root)] == [False, False, False, False, True]


def test_a_change_is_recorded_once_with_who_and_what(charlie, root):
    set_role(root, charlie, "champion")
    set_role(root, charlie, "champion")
    [entry] = LogEntry.objects.filter(action="role.changed", target=f"profile:{charlie.pk}")
    assert (entry.actor_id, entry.before, entry.after) == (root.pk, {"role": "member"}, {"role": "champion"})


def test_only_admins_change_roles(alice, bob, cleo, mo):
    for actor in (alice, cleo, mo):
        with pytest.raises(PermissionDenied, match="Only admins"):
            set_role(actor, bob, "admin")
    assert User.objects.get(pk=bob.user_id).role == "member"


def test_the_last_admin_stays(root):
    with pytest.raises(ValidationError, match="only admin"):
        set_role(root, root, "member")


def test_a_role_that_does_not_exist_and_an_unclaimed_profile_are_refused(root):
    with pytest.raises(ValidationError, match="Choose a role"):
        set_role(root, root, "emperor")
    with pytest.raises(ValidationError, match="has no account"):
        set_role(root, Profile.objects.create(name="Old Author", handle="old-author"), "champion")


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_demote_each_other_at_once(person):
    one, two = person("one", role="admin"), person("two", role="admin")
    start, refused = threading.Barrier(2), []

    def demote(actor: Profile, target: Profile) -> None:
        start.wait()
        try:
            set_role(actor, target, "member")
        except ValidationError as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.filter(role="admin").count() == 1
