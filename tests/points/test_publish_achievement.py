"""Publishing an achievement awards those who qualify already, in steps that may be repeated."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from points import triggers
from points.actions import achievements as publishing
from points.actions.achievements import publish_achievement, take_step, unpublish_achievement
from points.models import Award, AwardRun
from points.queries.ledger import balance_of
from points.tasks import continue_award_run, resume_award_runs
from profiles.models import Profile


@pytest.fixture
def writers(person):
    people = [person(f"writer{number}") for number in range(5)]
    Profile.objects.filter(pk__in=[one.pk for one in people[:3]]).update(bio="Text")
    return people


@pytest.fixture
def draft(achievement):
    return achievement("hello", trigger=triggers.BIO_WRITTEN, points=2, published_at=None)


def test_only_admins_publish(mo, bob, draft):
    for actor in (None, bob, mo):
        with pytest.raises(PermissionDenied):
            publish_achievement(actor, draft)


def test_award_run_awards_and_shows_progress(root, writers, draft, monkeypatch):
    monkeypatch.setattr(publishing, "BATCH", 2)
    publish_achievement(root, draft)
    run = AwardRun.objects.get()
    assert (run.total, run.looked_at, run.finished_at) == (6, 0, None)
    assert take_step(run.pk)
    run.refresh_from_db()
    assert run.looked_at == 2
    continue_award_run(run.pk)
    continue_award_run(run.pk)
    run.refresh_from_db()
    assert (run.looked_at, run.awarded) == (6, 3) and run.finished_at is not None
    assert [balance_of(one.pk) for one in writers] == [2, 2, 2, 0, 0]


def test_a_run_that_was_cut_short_goes_on_and_pays_nobody_twice(root, writers, draft, monkeypatch):
    monkeypatch.setattr(publishing, "BATCH", 2)
    publish_achievement(root, draft)
    run = AwardRun.objects.get()
    take_step(run.pk)
    AwardRun.objects.update(last_profile_id=0, looked_at=0)  # its note of the step was lost
    continue_award_run(run.pk)
    run.refresh_from_db()
    assert (run.looked_at, run.awarded, Award.objects.count()) == (6, 3, 3)


def test_lost_award_run_is_resumed(root, writers, draft, settings):
    publish_achievement(root, draft)
    assert resume_award_runs() == 0  # somebody may be at it
    AwardRun.objects.update(touched_at=draft.created_at.replace(year=2020))
    assert resume_award_runs() == 1


def test_publishing_twice_starts_one_run_and_a_draft_stops_it(root, writers, draft):
    publish_achievement(root, draft)
    publish_achievement(root, draft)
    run = AwardRun.objects.get()
    unpublish_achievement(root, draft)
    continue_award_run(run.pk)
    run.refresh_from_db()
    assert run.finished_at is not None and not Award.objects.exists()


def test_manual_achievement_starts_no_award_run(root, achievement):
    publish_achievement(root, achievement("by-hand", published_at=None))
    assert not AwardRun.objects.exists()
