"""A moderator invites a teammate: the profile is prepared in admin, and the link in the mail is the only way in."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from community.audit.models import LogEntry
from profiles.actions.invitations import invite_teammate
from profiles.models import Profile, Team, TeamMembership, User
from tests.conftest import PASSWORD
from tests.profiles.test_avatar import picture


@pytest.fixture
def team(db):
    return Team.objects.create(name="Firmware", slug="firmware")


@pytest.fixture
def invite(team, mo, as_, django_capture_on_commit_callbacks):
    browser = as_(mo)

    def send(**fields):
        form = {
            "email": "Nia@Example.com", "first_name": "Nia", "last_name": "Ortega", "company_role": "Engineer",
            "title": "Bootloader", "started_on": "2027-01-04", "location": "Lisbon", "country": "PT",
        }  # fmt: skip
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post(f"/admin/profiles/team/{team.pk}/invite/", {**form, **fields})

    return send


def test_a_prepared_profile_waits_and_the_link_lets_its_owner_in(team, mo, invite):
    assert invite(avatar=picture()).status_code == 302
    nia = Profile.objects.get(name="Nia Ortega")
    row = TeamMembership.objects.get(profile=nia, team=team)
    assert (nia.company_role, nia.location, nia.country, nia.role) == (
        "Engineer",
        "Lisbon",
        "PT",
        "moderator",
    )
    assert nia.avatar.endswith(".webp") and not nia.user.has_usable_password()
    assert (row.title, str(row.started_on)) == ("Bootloader", "2027-01-04")
    [sent] = mail.outbox
    assert sent.to == ["nia@example.com"] and "Mo Example added you to the team Firmware" in sent.body
    assert "mo@example.com" not in sent.body

    browser = Client()
    assert browser.post("/accounts/login/", {"login": "nia@example.com", "password": ""}).status_code == 200
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", sent.body)[1]
    page = browser.get(link, follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert browser.get("/settings/profile/").status_code == 200
    assert browser.get("/admin/").status_code == 200
    assert (
        LogEntry.objects.filter(action="team.invited", actor_id=mo.pk, target=f"team:{team.pk}").count() == 1
    )


def test_who_has_an_account_joins_with_it_and_keeps_their_profile(team, alice, invite):
    assert invite(email="alice@example.com", first_name="Other").status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.team_id, alice.location) == ("Alice Example", team.pk, "")
    assert "Sign in as usual" in mail.outbox[-1].body and "/key/" not in mail.outbox[-1].body
    assert User.objects.filter(email__startswith="alice").count() == 1


def test_an_account_that_never_proved_the_address_or_is_closed_joins_nothing(person, sam, invite):
    person("una", verified=False)
    for email in ("una@example.com", "sam@example.com"):
        answer = invite(email=email)
        assert answer.status_code == 400 and "can’t join" in answer.content.decode()
    assert not TeamMembership.objects.exists() and mail.outbox == []


def test_what_cannot_be_is_said_and_nothing_is_made(invite):
    for wrong in (
        {"email": "nia"},
        {"first_name": ""},
        {"country": "XX"},
        {"started_on": "soon"},
        {"avatar": picture(kind="BMP")},
    ):
        assert invite(**wrong).status_code == 400, wrong
    assert not User.objects.filter(email="nia@example.com").exists() and mail.outbox == []


def test_only_moderators_invite(team, alice, cleo, as_):
    for actor in (None, alice, cleo):
        with pytest.raises(PermissionDenied):
            invite_teammate(actor, team, email="x@example.com", first_name="X")
    assert as_(alice).get(f"/admin/profiles/team/{team.pk}/invite/").status_code == 302


def test_the_page_stands_beside_each_team(team, mo, as_):
    listed = as_(mo).get("/admin/profiles/team/").content.decode()
    assert f"/admin/profiles/team/{team.pk}/invite/" in listed
    assert as_(mo).get(f"/admin/profiles/team/{team.pk}/invite/").status_code == 200
    assert as_(mo).get("/admin/profiles/team/999999/invite/").status_code == 404


def test_the_name_of_the_field_comes_with_the_refusal(team, mo):
    with pytest.raises(ValidationError) as refused:
        invite_teammate(mo, team, email="no address", first_name="")
    assert set(refused.value.message_dict) == {"email", "first_name"}
