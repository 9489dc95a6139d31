"""People's pages in Chromium: editing in place, taking one's data along, deleting one's account, and axe on all of them."""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from profiles.actions.profiles import update_profile
from profiles.actions.teams import join_team
from profiles.models import AccountDeletion, DataExport, Profile, Team
from profiles.privacy.deletion import delete_due_accounts
from profiles.privacy.exports import build_export
from tests.browser.looks import SIZES, problems

pytestmark = pytest.mark.browser


def test_a_profile_is_edited_in_place(visitor, alice):
    member = visitor()
    page = member.page
    member.sign_in("alice")
    member.go(alice.get_absolute_url())
    page.click("text=Edit profile")
    page.fill("#id_bio", "I collect *kettles*.")
    page.select_option("#id_country", "NL")
    page.fill("#id_link_github", "https://evil.example/alice")
    page.click("form#profile-head button[type=submit]")
    expect(page.locator("form#profile-head .field__error")).to_contain_text("GitHub")
    expect(page.locator("#id_bio")).to_have_value("I collect *kettles*.")
    page.fill("#id_link_github", "https://github.com/alice")
    page.click("form#profile-head button[type=submit]")
    expect(page.locator("header#profile-head em")).to_have_text("kettles")
    expect(page.locator("#profile-details")).to_contain_text("Netherlands")
    assert page.url.endswith(alice.get_absolute_url())
    assert member.errors == []


def test_data_is_downloaded_and_the_account_deleted_after_a_change_of_mind(visitor, thread, alice):
    member = visitor(javascript=False)
    page = member.page
    member.sign_in("alice")
    member.go("/settings/data/")
    page.click("text=Prepare my data")
    build_export(DataExport.objects.get().pk)
    member.go("/settings/data/")
    with page.expect_download() as download:
        page.click("main a:has-text('Download')")
    with zipfile.ZipFile(download.value.path()) as archive:
        names = archive.namelist()
        assert "profile.json" in names and any(re.fullmatch(r"posts/.+/1\.md", name) for name in names)

    page.check("text=Delete my posts")
    page.check("input[name=sure]")
    page.click("button[value=delete]")
    expect(page.locator("#deletion")).to_contain_text("Your posts will be deleted.")
    page.click("text=Keep my account")
    expect(page.locator("#deletion")).to_have_count(0)
    page.check("text=Keep my posts")
    page.check("input[name=sure]")
    page.click("button[value=delete]")
    expect(page.locator("#deletion")).to_contain_text("Former member")
    AccountDeletion.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert delete_due_accounts() == 1
    member.go("/settings/data/")
    assert "/accounts/login/" in page.url, "the session ended with the account"
    member.go(f"/questions/{thread.slug}/")
    expect(page.locator("article >> nth=0")).to_contain_text("Former member")
    assert Profile.objects.get(pk=alice.pk).name == "Former member"


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_people_and_teams_are_accessible(visitor, as_, tess, alice, size):
    team = Team.objects.get(slug="pipelines")
    join_team(
        None, team, alice, title="Engineer with a rather long title for such a small card", is_lead=True
    )
    update_profile(
        alice,
        alice,
        bio="Hello.",
        location="Lisbon",
        country="PT",
        links={"website": "https://alice.example/"},
    )
    who = visitor()
    who.enter(as_(alice))
    assert problems(who, [
        "/teams/", "/teams/pipelines/", "/teams/pipelines/jobs/", "/teams/pipelines/edit/", "/community/people/",
        alice.get_absolute_url(), f"/community/profiles/{alice.pk}/edit/",
    ], **size) == []  # fmt: skip
