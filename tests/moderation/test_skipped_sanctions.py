"""Skipping a step of the ladder asks for a reason, which the person reads and the log keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.audit.models import LogEntry
from moderation.actions.sanctions import NewSanction, lift_sanction, next_kind, sanction
from moderation.emails import to_sanctioned
from moderation.models import Sanction


def step(kind, **fields):
    return NewSanction(kind, "kind", "You went after a person.", **fields)


@pytest.mark.parametrize("kind", ["warning", "temporary_ban", "permanent_ban"])
def test_a_skipped_step_needs_a_reason(mo, bob, kind):
    with pytest.raises(ValidationError, match=r"Explain why you skip a level .*Correction"):
        sanction(mo, bob, step(kind))
    given = sanction(mo, bob, step(kind, skip_reason="It was a threat."))
    assert given.skip_reason == "It was a threat."
    assert "It was a threat." in to_sanctioned(given).text
    assert "It was a threat." in LogEntry.objects.get(action="sanction.given").detail.reason


def test_the_next_step_needs_no_reason(mo, bob):
    for kind in ("correction", "warning", "temporary_ban", "permanent_ban"):
        assert next_kind(bob) == kind
        assert sanction(mo, bob, step(kind, skip_reason="Not asked for.")).skip_reason == ""


def test_a_lifted_or_expired_step_does_not_count(mo, bob):
    lift_sanction(mo, sanction(mo, bob, step("correction")), reason="A mistake.")
    assert next_kind(bob) == "correction"
    sanction(mo, bob, step("correction"))
    assert next_kind(bob) == "warning"
    Sanction.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert next_kind(bob) == "correction"


def test_the_form_asks_why_a_step_is_skipped(as_, mo, bob):
    asked = {"kind": "warning", "rule": "kind", "explanation": "You went after her.", "send": "1"}
    page = as_(mo).post(f"/moderation/sanctions/new/{bob.pk}/", asked)
    assert (page.status_code, "Explain why you skip a level" in page.content.decode()) == (400, True)
    as_(mo).post(f"/moderation/sanctions/new/{bob.pk}/", {**asked, "skip_reason": "It was a threat."})
    assert Sanction.objects.get().skip_reason == "It was a threat."


def test_the_preview_warns_of_sanctions_in_force(as_, mo, tess, bob):
    earlier = sanction(tess, bob, step("temporary_ban", days=3, skip_reason="It was a threat."))
    path = f"/moderation/sanctions/new/{bob.pk}/"
    asked = {"kind": "permanent_ban", "rule": "kind", "explanation": "You went after her."}
    for page in (as_(mo).get(path), as_(mo).post(path, asked)):
        words = page.content.decode()
        assert "already has a sanction in force" in words and earlier.get_absolute_url() in words


def test_fields_of_another_sanction_are_left_out(as_, mo, bob, alice):
    asked = {
        "kind": "correction",
        "rule": "kind",
        "explanation": "No.",
        "apart": f"@{alice.handle}",
        "days": "3",
        "content": "removed",
    }
    as_(mo).post(f"/moderation/sanctions/new/{bob.pk}/", {**asked, "send": "1"})
    given = Sanction.objects.get()
    assert (given.kind, given.content, given.no_contacts.count()) == ("correction", "kept", 0)
