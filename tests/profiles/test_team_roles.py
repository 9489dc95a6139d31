"""Joining a team makes a moderator at once, on every channel; leaving the last one takes it back."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from community.audit.models import LogEntry
from profiles.actions.keys import create_api_key
from profiles.actions.roles import set_role
from profiles.actions.teams import change_membership, change_team, join_team, leave_team
from profiles.models import Profile, Team, TeamMembership, User


@pytest.fixture
def team(db):
    return Team.objects.create(name="Firmware", slug="firmware")


@pytest.fixture
def other(db):
    return Team.objects.create(name="Exports", slug="exports")


def _role(profile):
    return User.objects.get(pk=profile.user_id).role


def _rows(team, *rows):
    """Return the team's admin form; a row is (membership, profile, more fields)."""
    kept = [row for row in rows if row[0]]
    data = {
        "name": team.name, "slug": team.slug, "tagline": team.tagline, "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": len(kept), "memberships-MIN_NUM_FORMS": 0, "memberships-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for place, (membership, profile, fields) in enumerate(rows):
        known = {
            "id": membership.pk if membership else "",
            "team": team.pk,
            "profile": profile.pk,
            "title": "",
            **fields,
        }
        data |= {f"memberships-{place}-{name}": value for name, value in known.items()}
    return data


def test_joined_in_admin_the_open_session_shows_the_tools_on_the_next_click_and_loses_them_again(
    team, charlie, root, thread, as_
):
    browser, admin, path = as_(charlie), as_(root), f"/questions/{thread.slug}/"
    assert 'id="tools-h"' not in browser.get(path).content.decode()
    assert browser.get("/admin/").status_code == 302

    page = f"/admin/profiles/team/{team.pk}/change/"
    assert (
        admin.post(page, _rows(team, (None, charlie, {"title": "Engineer", "is_lead": "on"}))).status_code
        == 302
    )
    assert 'id="tools-h"' in browser.get(path).content.decode()
    assert browser.get("/admin/").status_code == 200
    charlie.refresh_from_db()
    assert (charlie.role, charlie.team_id) == ("moderator", team.pk)

    membership = TeamMembership.objects.get(team=team, profile=charlie)
    assert (membership.title, membership.is_lead) == ("Engineer", True)
    assert admin.post(page, _rows(team, (membership, charlie, {"DELETE": "on"}))).status_code == 302
    assert 'id="tools-h"' not in browser.get(path).content.decode()
    assert browser.get("/admin/").status_code == 302
    charlie.refresh_from_db()
    assert (charlie.role, charlie.team_id, _role(charlie)) == ("member", None, "member")


def test_saving_a_team_that_did_not_change_logs_no_change(team, charlie, root, as_):
    membership = join_team(root, team, charlie)
    page = f"/admin/profiles/team/{team.pk}/change/"
    assert as_(root).post(page, _rows(team, (membership, charlie, {"DELETE": "on"}))).status_code == 302
    assert not LogEntry.objects.filter(action="team.changed").exists()
    assert LogEntry.objects.filter(action="team.left").exists()


def test_a_key_gains_and_loses_the_role_with_the_team(team, charlie, thread, client):
    header = {"Authorization": f"Bearer {create_api_key(charlie.user, label='bot')[1]}"}

    def lock(on):
        path = f"/api/v1/threads/{thread.pk}/moderation/"
        return client.patch(path, {"locked": on}, content_type="application/json", headers=header).status_code

    assert lock(True) == 403
    membership = join_team(None, team, charlie)
    assert lock(True) == 200
    leave_team(None, membership)
    assert lock(False) == 403


def test_only_the_last_team_takes_the_role_along(team, other, charlie, root):
    first, second = join_team(root, team, charlie), join_team(root, other, charlie)
    leave_team(root, first)
    assert _role(charlie) == "moderator"
    charlie.refresh_from_db()
    assert charlie.team_id == other.pk
    leave_team(root, second)
    leave_team(root, second)
    assert _role(charlie) == "member"


def test_a_champion_is_a_champion_again(team, cleo):
    leave_team(None, join_team(None, team, cleo))
    assert _role(cleo) == "champion"


def test_a_role_set_by_hand_stays(team, charlie, mo, root):
    membership = join_team(root, team, charlie)
    set_role(root, charlie, "moderator")
    leave_team(root, membership)
    assert _role(charlie) == "moderator"
    leave_team(root, join_team(root, team, mo))
    assert _role(mo) == "moderator"
    leave_team(root, join_team(root, team, root))
    assert _role(root) == "admin"


def test_joining_and_leaving_are_in_the_log(team, charlie, root):
    leave_team(root, join_team(root, team, charlie))
    about_team = LogEntry.objects.filter(target=f"team:{team.pk}").order_by("id")
    assert [(one.action, one.actor_id) for one in about_team] == [
        ("team.joined", root.pk),
        ("team.left", root.pk),
    ]
    roles = LogEntry.objects.filter(action="role.changed", target=f"profile:{charlie.pk}").order_by("id")
    assert [one.after for one in roles] == [{"role": "moderator"}, {"role": "member"}]


def test_only_admins_say_who_is_on_a_team_and_leads_edit_it(team, alice, mo, root):
    for actor in (alice, mo):
        with pytest.raises(PermissionDenied):
            join_team(actor, team, alice)
    membership = join_team(root, team, mo)
    with pytest.raises(PermissionDenied):
        change_team(mo, team, tagline="Ours")
    membership = change_membership(
        root, membership, title="Lead", started_on=datetime.date(2025, 3, 1), is_lead=True
    )
    assert change_team(mo, team, tagline="Ours").tagline == "Ours"
    with pytest.raises(PermissionDenied):
        change_membership(mo, membership, title="Lead", started_on=None, is_lead=False)
    with pytest.raises(PermissionDenied):
        change_membership(alice, membership, title="Boss", started_on=None)


def test_a_deleted_team_leaves_nobody_a_moderator(team, charlie, root, as_):
    join_team(root, team, charlie)
    page = f"/admin/profiles/team/{team.pk}/delete/"
    assert as_(root).post(page, {"post": "yes"}).status_code == 302
    assert _role(charlie) == "member"
    assert not Team.objects.filter(pk=team.pk).exists()


def test_somebody_nobody_has_claimed_can_be_on_a_team_without_a_role(team, db):
    old = Profile.objects.create(name="Old Author", handle="old-author")
    leave_team(None, join_team(None, team, old))
    old.refresh_from_db()
    assert old.role == "member"
