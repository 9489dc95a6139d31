"""The pages of reports, the ladder and appeals: accessible, no sideways scroll, and usable without scripts."""

from __future__ import annotations

import pytest

from moderation.actions.appeals import appeal
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.models import Report, Sanction
from moderation.report_targets import find_target
from tests.browser.looks import SIZES, problems

pytestmark = pytest.mark.browser


@pytest.fixture
def worked(reply, alice, charlie, tess, mo):
    """A report that waits, and a warning with its appeal."""
    report = file_report(
        alice, find_target("post", reply.pk, alice), reason="kind", note="Belittles a beginner."
    ).report
    step = NewSanction(
        kind="warning",
        rule="careful",
        explanation="You went after her.\n\nLeave her alone.",
        apart=[alice],
        evidence=["/a/b/"],
        skip_reason="She is afraid.",
    )
    given = sanction(tess, charlie, step)
    return report, given, appeal(given, text="I did not know that it hurt.")


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_moderation_are_accessible(visitor, worked, reply, bob, size):
    report, given, written = worked
    guest = visitor()
    paths = [
        f"/moderation/report/post/{reply.pk}/",
        given.appeal_url,
        "/moderation/counts/",
        "/pages/code-of-conduct/",
    ]
    assert problems(guest, paths, **size) == []
    member = visitor()
    member.sign_in("mo")
    paths = [
        "/moderation/reports/", "/moderation/reports/?state=decided", report.get_absolute_url(), "/moderation/sanctions/",
        f"/moderation/sanctions/new/{bob.pk}/", given.get_absolute_url(), "/moderation/appeals/", f"/moderation/appeals/{written.pk}/",
    ]  # fmt: skip
    assert problems(member, paths, **size) == []


def test_from_a_report_to_an_appeal_without_scripts(visitor, reply, bob, mo):
    guest = visitor(javascript=False)
    guest.go(f"/moderation/report/post/{reply.pk}/")
    guest.page.check("input[value=kind]", force=True)
    guest.page.fill("textarea[name=note]", "Not kind.")
    guest.page.click("text=Send report")
    report = Report.objects.get()
    moderator = visitor(javascript=False)
    moderator.sign_in("mo")
    moderator.go(report.get_absolute_url())
    assert not moderator.page.is_visible("input[name=apart]")
    moderator.page.check("input[name=kind][value=warning]", force=True)
    assert moderator.page.is_visible("input[name=apart]") and not moderator.page.is_visible(
        "select[name=content]"
    )
    moderator.page.fill("textarea[name=explanation]", "You went after a person.")
    moderator.page.fill("textarea[name=skip_reason]", "It was a threat.")
    moderator.page.click("text=Preview message")
    assert "This is a warning" in moderator.page.inner_text("main")
    moderator.page.click("text=Send sanction")
    given = Sanction.objects.get()
    assert (given.profile, given.report) == (bob, report)
    guest.go(given.appeal_url)
    guest.page.fill("textarea[name=text]", "It was a joke.")
    guest.page.click("text=Send appeal")
    assert "It was a joke." in guest.page.inner_text("main")
