"""Whatever people write as a reason, a title or a category, every page keeps the shape it has with plain words."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from selectolax.lexbor import LexborHTMLParser

from points import triggers
from points.actions.awards import grant
from points.actions.gifts import Wish, give_points
from points.models import Achievement, AchievementGroup, Award, GiftCategory
from profiles.models import Profile
from tests.lib.corpora import needs_data, read

pytestmark = needs_data
PLAIN = "Plain words"


def _payloads(limit):
    """Return the corpus on single lines, cut to what a field takes."""
    lines = (" ".join(one["payload"].replace("\x00", "").split())[:limit] for one in read("xss.jsonl"))
    return [one for one in dict.fromkeys(lines) if one.strip()]


def _shape(html):
    body = LexborHTMLParser(html).body
    return [(node.tag, sorted(node.attributes)) for node in body.traverse(include_text=False)]


def _same_shape(browser, path, write, payloads, step):
    """Return the payloads on pages that look other than the page with `step` plain rows."""
    for _time in range(2):  # so that a page that shows some of them has older ones behind it
        write([f"{PLAIN} {number}" for number in range(step)])
    plain = _shape(browser.get(path).content.decode())
    wrong = []
    for start in range(0, len(payloads) - step, step):
        rows = payloads[start : start + step]
        write(rows)
        if _shape(browser.get(path).content.decode()) != plain:
            wrong.append(rows)
    return wrong


def test_reasons_and_names_of_categories_in_the_history_and_in_admin(mo, alice, as_, settings):
    settings.GIFT_POINTS_PER_DAY = 10**6
    category = GiftCategory.objects.create(slug="x", name="x")

    def write(reasons):
        for reason in reasons:
            category.name = reason[:60]
            category.save()
            give_points(mo, alice, wish=Wish(1, category, reason))

    payloads = _payloads(300)
    assert len(payloads) > 500
    assert _same_shape(as_(mo), f"{alice.get_absolute_url()}?tab=points", write, payloads[:300], 20) == []
    assert "<script>alert" not in as_(mo).get("/admin/points/gift/").content.decode()


def test_titles_descriptions_and_groups_on_the_page_of_achievements(alice, as_):
    group = AchievementGroup.objects.create(name="x")

    def write(words):
        Achievement.objects.all().delete()
        group.name = words[0][:60]
        group.save()
        Achievement.objects.bulk_create(
            Achievement(
                slug=f"a{number}", title=one[:80], description=one, group=group, level=number + 1, published_at=alice.created_at,
                trigger=triggers.MANUAL,
            )
            for number, one in enumerate(words)
        )  # fmt: skip

    assert _same_shape(as_(alice), "/community/achievements/", write, _payloads(300), 60) == []


@pytest.mark.parametrize(
    "title",
    ['"><img src=x onerror=alert(1)>', "</script><script>alert(1)</script>", "{{ 7|add:7 }}", "'-alert(1)-'"],
)
def test_a_title_in_toast_notification_tab_and_award_forms(title, alice, mo, root, achievement, as_):
    def pages():
        browser = as_(alice)
        award = Award.objects.get()
        browser.post(f"/community/awards/{award.pk}/", {"shown": "off"})
        mine = [
            browser.get(path)
            for path in (f"{alice.get_absolute_url()}?tab=achievements", "/community/notifications/")
        ]
        admin = [
            as_(root).get(f"/admin/points/achievement/{one.pk}/award/"),
            as_(root).get("/admin/points/award/"),
        ]
        revoke = as_(mo).post("/admin/points/award/", {ACTION_CHECKBOX_NAME: [award.pk], "action": "revoke"})
        return [_shape(page.content.decode()) for page in (*mine, *admin, revoke)]

    one = achievement("words", title=PLAIN, points=1)
    grant(alice.pk, one)
    plain = pages()
    Award.objects.update(hidden_at=None)
    Achievement.objects.update(title=title, description=title)
    alice.notifications.update(title=title, read_at=None)
    assert pages() == plain
    heading = LexborHTMLParser(as_(alice).get("/community/notifications/").content.decode()).css_first(
        "ol h3"
    )
    assert title in heading.text()


@pytest.mark.parametrize("reason", ['"><svg onload=alert(1)>', "</textarea><script>alert(1)</script>"])
def test_a_reason_in_the_question_whether_and_in_the_form_again(reason, alice, mo, as_):
    category = GiftCategory.objects.create(slug="x", name=reason)
    for change in ({}, {"other": "100000"}):
        pages = [
            as_(mo).post(
                f"/community/profiles/{alice.pk}/gifts/",
                {"points": "10", "category": category.slug, "reason": one, **change},
            )
            for one in (PLAIN, reason)
        ]
        assert _shape(pages[0].content.decode()) == _shape(pages[1].content.decode())


def test_award_is_hidden_or_shown_by_its_owner_only(alice, bob, mo, achievement, as_):
    award = grant(alice.pk, achievement("hello"))
    for viewer in (bob, mo):
        assert as_(viewer).post(f"/community/awards/{award.pk}/", {"shown": "off"}).status_code == 404
    assert as_(None).post(f"/community/awards/{award.pk}/", {"shown": "off"}).status_code == 302
    Award.objects.update(revoked_at=alice.created_at)
    assert as_(alice).post(f"/community/awards/{award.pk}/", {"shown": "off"}).status_code == 404
    assert Award.objects.get().hidden_at is None


def test_secret_achievement_of_others_is_not_shown(alice, bob, achievement, as_, mo):
    one = achievement("night-owl", title="Zwielicht", description="Zwielicht", is_secret=True, points=3)
    award = grant(alice.pk, one)
    as_(alice).post(f"/community/awards/{award.pk}/", {"shown": "off"})
    for path in (
        "/community/achievements/",
        alice.get_absolute_url(),
        "/api/v1/achievements/",
        f"/api/v1/profiles/{alice.pk}/",
    ):
        for viewer in (None, bob):
            assert "Zwielicht" not in as_(viewer).get(path).content.decode(), (path, viewer)
    assert Profile.objects.get(pk=alice.pk).reputation == 3
