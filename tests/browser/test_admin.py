"""Django admin in Chromium under the strict policy: no console errors, nothing blocked, and its own scripts work."""

from __future__ import annotations

import pytest

from forums.actions.posts import edit_post, post_reply
from forums.models import Tag, Thread, Topic, Upload
from moderation.actions.threads import pin_thread
from points.actions.achievements import publish_achievement, save_achievement
from points.actions.awards import award_by_hand
from points.actions.gifts import Wish, give_points
from points.models import Achievement, AchievementGroup, Award, AwardRun, Gift, GiftCategory
from profiles.actions.keys import create_api_key
from profiles.models import Team

pytestmark = pytest.mark.browser
POINTS = ("points/achievement", "points/achievementgroup", "points/gift", "points/giftcategory")
SHELF = ("order", "redemption", "reward", "code", "transaction", "account")


@pytest.fixture
def busy(thread, board, bob, alice, mo, root, tess):
    reply = post_reply(bob, thread, body="Check the filter.")
    edit_post(bob, reply, body="Check the filter twice.", reason="clearer")
    pin_thread(mo, thread, reason="Many ask this.")
    create_api_key(root.user, label="nightly")
    hello = save_achievement(
        root, Achievement(slug="hello", title="Hello", group=AchievementGroup.objects.create(name="Here"))
    )
    hello = publish_achievement(root, hello)
    award_by_hand(mo, alice, hello)
    give_points(
        mo,
        alice,
        wish=Wish(
            5, GiftCategory.objects.get_or_create(slug="beyond", defaults={"name": "Beyond"})[0], "Yes."
        ),
    )
    AwardRun.objects.create(achievement=hello)
    Upload.objects.create(
        name="a.webp", content_type="image/webp", width=1, height=1, size=10, sha256="a" * 64, owner=alice
    )
    return {
        "thread": thread,
        "reply": reply,
        "tag": Tag.objects.get(name="csv"),
        "topic": thread.topic,
        "root": root,
        "team": tess.team,
    }


def _pages(busy):
    from community.audit.models import LogEntry
    from community.pages.models import Page

    places = {
        "forums/thread": busy["thread"], "forums/post": busy["reply"], "forums/tag": busy["tag"], "forums/topic": busy["topic"],
        "forums/topicgroup": busy["topic"].group, "forums/upload": Upload.objects.get(), "profiles/profile": busy["root"],
        "profiles/user": busy["root"].user, "profiles/team": busy["team"], "profiles/apikey": busy["root"].user.api_keys.get(),
        **{f"points/{model._meta.model_name}": model.objects.get() for model in (Achievement, AchievementGroup, Award, AwardRun, Gift)},
        "points/giftcategory": GiftCategory.objects.first(),
        "audit/logentry": LogEntry.objects.first(), "pages/page": Page.objects.first(),
    }  # fmt: skip
    return [
        "/admin/",
        *(f"/admin/{place}/" for place in places),
        *(f"/admin/{place}/{row.pk}/change/" for place, row in places.items()),
        *(
            f"/admin/{place}/add/"
            for place in (
                "forums/topic",
                "forums/topicgroup",
                "profiles/team",
                "pages/page",
                "points/reward",
                *POINTS,
            )
        ),
        *(f"/admin/points/{place}/" for place in SHELF),
        f"/admin/points/achievement/{Achievement.objects.get().pk}/award/",
        f"/admin/forums/tag/{busy['tag'].pk}/delete/",
        f"/admin/forums/topic/{busy['topic'].pk}/history/",
    ]


def test_every_admin_page_breaks_no_policy(visitor, busy):
    """Django's own markup is not ours to make accessible; what it loads under our policy is."""
    admin = visitor()
    admin.sign_in("root")
    found = []
    for page in _pages(busy):
        answer = admin.page.goto(admin.base + page)
        found += [(page, answer.status)] if answer.status != 200 else []
        found += [(page, error) for error in admin.errors]
        admin.errors.clear()
    assert found == []


def test_autocomplete_date_pickers_popups_and_filters_work(visitor, busy):
    admin = visitor()
    admin.sign_in("root")
    page = admin.page
    admin.go("/admin/profiles/team/add/")
    page.locator("#id_name").press_sequentially("Night watch")
    assert page.input_value("#id_slug") == "night-watch"
    page.click("text=Add another team membership")
    page.click("#memberships-0 .select2-selection")
    page.fill(".select2-search__field", "alice")
    page.click(".select2-results__option:has-text('Alice')")
    page.click("#memberships-0 .datetimeshortcuts a >> nth=0")
    assert page.input_value("#id_memberships-0-started_on")
    page.click("#memberships-0 .datetimeshortcuts a >> nth=1")
    page.click(".calendarbox:visible .calendar td a >> nth=0")
    page.click("input[name=_save]")
    assert Team.objects.get(slug="night-watch").memberships.get().profile.name == "Alice Example"
    admin.go("/admin/forums/topic/add/")
    with page.expect_popup() as opened:
        page.click("#add_id_group")
    popup = opened.value
    popup.fill("#id_name", "Elsewhere")
    popup.click("input[name=_save]")
    page.locator("#id_group option:checked", has_text="Elsewhere").wait_for(state="attached")
    admin.go(f"/admin/forums/tag/{busy['tag'].pk}/change/")
    page.click(".select2-selection")
    page.wait_for_selector(".select2-results__option")
    assert admin.errors == []


def test_a_moderator_archives_in_admin_and_it_leaves_every_list(visitor, busy):
    moderator = visitor()
    moderator.sign_in("mo")
    page, thread = moderator.page, busy["thread"]
    moderator.go("/admin/forums/thread/")
    page.check(f"input[name=_selected_action][value='{thread.pk}']")
    page.select_option("select[name=action]", "archive")
    page.click("button[name=index]")
    page.fill("#id_reason", "Out of date.")
    page.click(".submit-row input[type=submit]")
    page.wait_for_selector("text=Thread archived.")
    assert Thread.objects.get(pk=thread.pk).archived_by.handle == "mo-example"
    guest = visitor()
    for path in ("/questions/", "/questions/topic/exports/", "/questions/?tag=csv"):
        guest.go(path)
        assert thread.subject not in guest.page.content()
    guest.go(f"/questions/{thread.slug}/")
    assert "archived" in guest.page.inner_text("main")
    assert Topic.objects.get(pk=thread.topic_id).thread_count == 0
    assert moderator.errors + guest.errors == []
