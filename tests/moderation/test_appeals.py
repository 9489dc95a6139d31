"""Appeals: written by the sanctioned, even banned, once; decided by somebody else."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from community.lib.errors import Conflict
from moderation.actions.appeals import appeal, decide_appeal
from moderation.actions.sanctions import NewSanction, sanction
from moderation.models import Appeal, Sanction


@pytest.fixture
def ban(mo, bob):
    return sanction(
        mo,
        bob,
        NewSanction(
            kind="temporary_ban",
            rule="kind",
            explanation="You threatened her.",
            days=7,
            skip_reason="A threat.",
        ),
    )


def test_a_banned_person_reads_why_and_appeals_once_without_signing_in(client, ban):
    page = client.get(ban.appeal_url).content.decode()
    assert "You threatened her." in page and "Be kind" in page and "Mo Example" not in page
    assert client.post(ban.appeal_url, {"text": "It was not me."}).status_code == 302
    assert "It was not me." in client.get(ban.appeal_url).content.decode()
    assert client.post(ban.appeal_url, {"text": "Again."}).status_code == 400
    assert Appeal.objects.get().text == "It was not me."


def test_a_token_that_is_not_ours_opens_nothing(client, ban):
    for token in ("x", f"{ban.appeal_token}x", ban.appeal_token[::-1]):
        assert client.get(f"/appeals/{token}/").status_code == 404


def test_the_appeal_goes_to_another_moderator(as_, mo, tess, ban):
    made = appeal(ban, text="It was not me.")
    assert as_(mo).get(f"/moderation/appeals/{made.pk}/").status_code == 404
    assert "Bob" not in as_(mo).get("/moderation/appeals/").content.decode()
    with pytest.raises(PermissionDenied):
        decide_appeal(mo, made, outcome="stands", answer="No.")
    assert "Bob" in as_(tess).get("/moderation/appeals/").content.decode()
    page = as_(tess).post(
        f"/moderation/appeals/{made.pk}/", {"outcome": "lifted", "answer": "You are right."}
    )
    assert page.status_code == 302
    made.refresh_from_db()
    assert (made.decided_by, made.outcome) == (tess, "lifted")
    ban.profile.user.refresh_from_db()
    assert ban.profile.user.is_active


def test_the_answer_is_told_once_and_recorded(
    mo, tess, ban, mailoutbox, client, django_capture_on_commit_callbacks
):
    made = appeal(ban, text="It was not me.")
    with django_capture_on_commit_callbacks(execute=True):
        decide_appeal(tess, made, outcome="stands", answer="We read it all again.")
    told = [mail.body for mail in mailoutbox if mail.to == ["bob@example.com"] and "appeal" in mail.subject]
    assert len(told) == 1 and "We read it all again." in told[0] and "Tess" not in told[0]
    with pytest.raises(Conflict):
        decide_appeal(tess, made, outcome="lifted", answer="Oh.")
    assert Sanction.objects.get().is_in_force
    assert "We read it all again." in client.get(ban.appeal_url).content.decode()


def test_nothing_is_left_to_appeal_when_it_is_over(ban, mo):
    from moderation.actions.sanctions import lift_sanction

    lift_sanction(mo, ban, reason="Enough.")
    ban.refresh_from_db()
    with pytest.raises(Conflict):
        appeal(ban, text="Still.")


def test_no_moderator_reads_the_address_that_stands_for_the_person(as_, tess, root, ban):
    made = appeal(ban, text="It was not me.")
    for path in (
        ban.get_absolute_url(),
        f"/moderation/appeals/{made.pk}/",
        f"/moderation/sanctions/new/{ban.profile_id}/",
    ):
        assert ban.appeal_token not in as_(tess).get(path).content.decode()
    row = as_(root).get(f"/api/v1/moderation/sanctions/{ban.pk}/")
    assert ban.appeal_token not in row.content.decode()
    assert (
        ban.appeal_token not in as_(root).get(f"/admin/moderation/sanction/{ban.pk}/change/").content.decode()
    )
