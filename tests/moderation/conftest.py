"""Reporters who have been here a while, and things to report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.actions.reports import file_report
from moderation.models import Report
from moderation.report_targets import find_target
from profiles.models import Profile


@pytest.fixture(autouse=True)
def _at_once(settings):
    """What follows from a decision follows in the test itself."""
    from community.celery import app

    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def regular(person) -> Callable[[str], Profile]:
    """Make somebody in good standing: regular("rose")."""

    def make(name: str) -> Profile:
        profile = person(name)
        profile.created_at = timezone.now() - timedelta(days=30)
        profile.reply_count = 12
        profile.save(update_fields=["created_at", "reply_count"])
        return profile

    return make


@pytest.fixture
def report(alice, reply) -> Report:
    """Alice reported bob's reply."""
    return file_report(
        alice, find_target("post", reply.pk, alice), reason="kind", note="Not kind.", address="192.0.2.1"
    ).report
