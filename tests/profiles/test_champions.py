"""Champions are nominated in admin, invited with their cohort, and champions once they say yes."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community.audit.models import LogEntry
from profiles.actions.champions import answer, end, invite, nominate
from profiles.actions.teams import join_team, leave_team
from profiles.models import Cohort, Delivery, Nomination, Notification, Profile, Team, User


@pytest.fixture
def cohort(db):
    return Cohort.objects.create(name="Spring 2027")


@pytest.fixture
def invited(cohort, alice, mo, root):
    nomination = nominate(mo, cohort, alice, why="Answers every week.")
    invite(root, nomination)
    return Nomination.objects.get(pk=nomination.pk)


def _role(profile):
    return User.objects.get(pk=profile.user_id).role


def test_from_admin_to_the_badge(cohort, alice, thread, mo, root, as_):
    form = {"cohort": cohort.pk, "profile": alice.pk, "why": "Answers every week."}
    assert as_(mo).post("/admin/profiles/nomination/add/", form).status_code == 302
    nomination = Nomination.objects.get()
    assert nomination.nominated_by_id == mo.pk
    browser, path = as_(alice), f"/community/champions/{nomination.pk}/"
    assert browser.get(path).status_code == 404, "not before the invitation"

    chosen = {"action": "invite", "_selected_action": nomination.pk}
    as_(mo).post("/admin/profiles/nomination/", chosen)
    assert Notification.objects.filter(profile=alice).count() == 0, "moderators nominate, admins invite"
    as_(root).post("/admin/profiles/nomination/", chosen)
    as_(root).post("/admin/profiles/nomination/", chosen)
    assert Notification.objects.get(profile=alice).url == path
    assert Delivery.objects.filter(profile=alice, kind="champion").count() == 1

    assert 'id="tools-h"' not in browser.get(f"/questions/{thread.slug}/").content.decode()
    assert browser.post(path, {"say": "yes"}).status_code == 302
    assert 'id="tools-h"' in browser.get(f"/questions/{thread.slug}/").content.decode()
    page = as_(None).get(alice.get_absolute_url()).content.decode()
    assert "Champion" in page and "Spring 2027" in page
    assert "Answers every week" not in page + browser.get(path).content.decode()


def test_no_changes_nothing_and_an_answer_is_given_once(invited, alice):
    assert answer(alice, invited, accepted=False).declined_at
    assert answer(alice, invited, accepted=True).accepted_at is None
    assert _role(alice) == "member"


def test_only_the_invited_answer(invited, bob, cohort, mo, as_):
    with pytest.raises(PermissionDenied):
        answer(bob, invited, accepted=True)
    waiting = nominate(mo, cohort, bob)
    with pytest.raises(PermissionDenied):
        answer(bob, waiting, accepted=True)
    assert as_(bob).post(f"/community/champions/{invited.pk}/", {"say": "yes"}).status_code == 404


def test_only_members_are_nominated_and_only_by_the_team(cohort, alice, bob, cleo, mo):
    for actor in (None, bob, cleo):
        with pytest.raises(PermissionDenied):
            nominate(actor, cohort, alice)
    old = Profile.objects.create(name="Old", handle="old", import_key="se:1")
    for profile in (cleo, mo, old):
        with pytest.raises(ValidationError):
            nominate(mo, cohort, profile)
    assert nominate(mo, cohort, alice).pk == nominate(mo, cohort, alice).pk


def test_what_cannot_be_is_said_in_admin(cohort, cleo, root, as_):
    answer = as_(root).post(
        "/admin/profiles/nomination/add/", {"cohort": cohort.pk, "profile": cleo.pk, "why": ""}
    )
    assert answer.status_code == 200 and "Only people with the role Member" in answer.content.decode()


def test_a_champion_who_joins_a_team_and_leaves_is_a_champion_again(invited, alice):
    answer(alice, invited, accepted=True)
    membership = join_team(None, Team.objects.create(name="T", slug="t"), alice)
    assert _role(alice) == "moderator"
    leave_team(None, membership)
    assert _role(alice) == "champion"


def test_it_ends_and_is_on_the_log(invited, alice, root, mo):
    answer(alice, invited, accepted=True)
    with pytest.raises(PermissionDenied):
        end(mo, invited)
    end(root, invited)
    end(root, invited)
    assert _role(alice) == "member"
    done = LogEntry.objects.filter(target=f"profile:{alice.pk}", action__startswith="champion.").order_by(
        "id"
    )
    assert [entry.action.partition(".")[2] for entry in done] == ["nominated", "invited", "accepted", "ended"]
