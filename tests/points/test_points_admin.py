"""Achievements and gifts in Django admin: admins make, moderators give and revoke, everything by the actions."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.audit.models import LogEntry
from points import triggers
from points.actions.awards import grant
from points.actions.gifts import Wish, give_points
from points.models import Achievement, AchievementGroup, Award, AwardRun, Gift, GiftCategory
from points.policy import offer_gift_categories
from points.queries.ledger import balance_of
from points.tasks import continue_award_run

ALL = ["achievement", "achievementgroup", "award", "awardrun", "gift", "giftcategory"]
GIFT = {
    "people": "alice@example.com\n@bob-example\nnobody@example.com",
    "points": "10",
    "category": "beyond",
    "reason": "The fence.",
    "key": "k",
}


@pytest.fixture(autouse=True)
def _categories(db):
    offer_gift_categories()


@pytest.mark.parametrize("model", ALL)
def test_points_lists_are_for_moderators(model, mo, root, bob, cleo, as_):
    for viewer, status in ((mo, 200), (root, 200), (bob, 403), (cleo, 403)):
        assert as_(viewer).get(f"/admin/points/{model}/", follow=True).status_code == status, viewer


def test_admin_creates_and_publishes_an_achievement(root, mo, alice, as_):
    group = AchievementGroup.objects.create(name="Being here")
    form = {
        "title": "Hello", "slug": "hello", "description": "Said hello.", "icon": "star", "points": "5", "group": group.pk, "level": "1",
        "trigger": triggers.BIO_WRITTEN, "threshold": "1",
    }  # fmt: skip
    assert as_(mo).post("/admin/points/achievement/add/", form).status_code == 403
    wrong = as_(root).post(
        "/admin/points/achievement/add/", {**form, "threshold": "0", "trigger": "gone", "level": "99999999"}
    )
    assert wrong.status_code == 200 and not Achievement.objects.exists()
    assert as_(root).post("/admin/points/achievement/add/", form).status_code == 302
    made = Achievement.objects.get()
    assert made.published_at is None
    alice.bio = "Pears."
    alice.save(update_fields=["bio"])
    chosen = {ACTION_CHECKBOX_NAME: [made.pk], "action": "publish", "confirm": "yes", "reason": "Ready."}
    as_(mo).post("/admin/points/achievement/", chosen)
    assert Achievement.objects.get().published_at is None
    as_(root).post("/admin/points/achievement/", chosen)
    assert Achievement.objects.get().published_at is not None
    assert "<progress" in as_(mo).get("/admin/points/awardrun/").content.decode()
    continue_award_run(AwardRun.objects.get().pk)
    assert Award.objects.get().profile == alice and balance_of(alice.pk) == 5
    assert AwardRun.objects.get().finished_at is not None
    assert "done" in as_(mo).get("/admin/points/awardrun/").content.decode()
    said = set(LogEntry.objects.filter(action__startswith="achievement.").values_list("action", flat=True))
    assert said == {"achievement.made", "achievement.published"}


def test_award_page_shows_the_result_of_each_line(mo, alice, bob, cleo, achievement, as_):
    one = achievement("met-us", points=3)
    path = f"/admin/points/achievement/{one.pk}/award/"
    assert as_(mo).get(path).status_code == 200
    page = (
        as_(mo)
        .post(
            path, {"people": "alice@example.com, @BOB-example\nnobody@example.com", "reason": "At the fair."}
        )
        .content.decode()
    )
    assert (
        "Awarded to Alice Example." in page
        and "Awarded to Bob Example." in page
        and "No member has this" in page
    )
    assert (balance_of(alice.pk), balance_of(bob.pk)) == (3, 3)
    assert as_(mo).post(path, {"people": " "}).status_code == 400
    assert as_(cleo).get(path, follow=True).status_code == 403
    draft = achievement("draft", published_at=None)
    page = (
        as_(mo)
        .post(f"/admin/points/achievement/{draft.pk}/award/", {"people": "alice@example.com"})
        .content.decode()
    )
    assert "Publish the achievement first." in page
    assert as_(mo).get("/admin/points/achievement/999999/award/").status_code == 404


def test_a_moderator_revokes_with_a_reason(mo, alice, achievement, as_):
    award = grant(alice.pk, achievement("hello", points=5))
    chosen = {ACTION_CHECKBOX_NAME: [award.pk], "action": "revoke"}
    as_(mo).post("/admin/points/award/", {**chosen, "confirm": "yes", "reason": ""})
    assert balance_of(alice.pk) == 5
    as_(mo).post("/admin/points/award/", {**chosen, "confirm": "yes", "reason": "A second account."})
    assert balance_of(alice.pk) == 0
    assert LogEntry.objects.get(action="award.revoked").detail.reason == "A second account."


def test_confirmation_leaves_the_giver_out(mo, alice, as_):
    people = {"people": f"alice@example.com\n@{mo.handle}"}
    asked = as_(mo).post("/admin/points/gift/add/", {**GIFT, **people}).content.decode()
    assert "10 points each, 10 in total" in asked and "You can’t award points to yourself" in asked


def test_awards_and_gifts_are_found_by_the_beginning_of_a_handle(mo, alice, bob, achievement, as_):
    grant(alice.pk, achievement("First"))
    give_points(mo, alice, wish=Wish(5, GiftCategory.objects.get(slug="beyond"), "For the gate."))
    for model in ("award", "gift"):
        page = f"/admin/points/{model}/"
        for words in ("@alice", "alice", f"@{alice.handle}"):
            assert as_(mo).get(page, {"q": words}).context["cl"].result_count == 1, (model, words)
        assert as_(mo).get(page, {"q": "@bob"}).context["cl"].result_count == 0


def test_points_to_many_are_confirmed_then_awarded_once(mo, tess, alice, bob, as_):
    give_points(tess, bob, wish=Wish(5, GiftCategory.objects.get(slug="beyond"), "For the gate."))
    browser = as_(mo)
    asked = browser.post("/admin/points/gift/add/", GIFT).content.decode()
    assert (
        "10 points each, 20 in total" in asked and "For the gate." in asked and "No member has this" in asked
    )
    assert Gift.objects.count() == 1
    hidden = dict(
        re.findall(r'type="hidden" name="(confirm|key|other|category|reason|people)" value="([^"]*)"', asked)
    )
    for _press in range(2):
        page = browser.post("/admin/points/gift/add/", hidden).content.decode()
        assert "10 points awarded to Alice Example." in page and "10 points awarded to Bob Example." in page
    assert (balance_of(alice.pk), balance_of(bob.pk)) == (10, 15)


@pytest.mark.parametrize(
    "change", [{"people": ""}, {"reason": ""}, {"category": "gone"}, {"other": "501"}, {"points": ""}]
)
def test_invalid_award_to_many_is_refused(mo, alice, bob, as_, change):
    for confirm in ({}, {"confirm": "yes"}):
        assert as_(mo).post("/admin/points/gift/add/", {**GIFT, **change, **confirm}).status_code == 400
    assert not Gift.objects.exists()


def test_a_gift_past_the_limit_says_so_beside_its_line(mo, alice, bob, as_):
    given = {**GIFT, "other": "300", "confirm": "yes", "key": "other"}
    page = as_(mo).post("/admin/points/gift/add/", given).content.decode()
    assert "300 points awarded to Alice Example." in page and "200 of 500 points left" in page
    assert balance_of(bob.pk) == 0


def test_people_chosen_in_the_list_of_profiles_are_in_the_form(mo, alice, as_):
    answer = as_(mo).post(
        "/admin/profiles/profile/", {ACTION_CHECKBOX_NAME: [alice.pk], "action": "give_points_to"}
    )
    assert "@alice-example" in as_(mo).get(answer.url).content.decode()


def test_award_to_many_is_for_moderators(bob, cleo, alice, as_):
    for viewer in (bob, cleo):
        assert (
            as_(viewer).post("/admin/points/gift/add/", {**GIFT, "confirm": "yes"}, follow=True).status_code
            == 403
        )
    assert not Gift.objects.exists()


@pytest.mark.parametrize("model", ["award", "gift", "awardrun"])
def test_awards_gifts_and_runs_are_read_only(model, root, mo, alice, achievement, as_):
    grant(alice.pk, achievement("hello", points=5))
    give_points(mo, alice, wish=Wish(5, None, "For the gate."))
    AwardRun.objects.create(achievement=Achievement.objects.get())
    row = {"award": Award, "gift": Gift, "awardrun": AwardRun}[model].objects.get()
    assert as_(root).get(f"/admin/points/{model}/{row.pk}/change/").status_code == 200
    assert as_(root).post(f"/admin/points/{model}/{row.pk}/change/", {"points": 99}).status_code == 403
    assert as_(root).post(f"/admin/points/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_ten_more_rows_take_no_more_queries(mo, alice, person, achievement, as_):
    browser, counts = as_(mo), {}
    for size in range(3):
        for number in range(10 if size == 2 else 2):
            somebody = person(f"p{size}x{number}")
            grant(somebody.pk, achievement(f"a{size}x{number}"))
            give_points(mo, somebody, wish=Wish(1, GiftCategory.objects.get(slug="beyond"), "Yes."))
            AwardRun.objects.create(achievement=Achievement.objects.last(), finished_at=timezone.now())
        for model in ALL:
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(f"/admin/points/{model}/").status_code == 200
            counts.setdefault(model, []).append(len(seen))
    assert {model: found for model, found in counts.items() if found[1] != found[2]} == {}
