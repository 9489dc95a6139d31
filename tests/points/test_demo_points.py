"""The demo has something of everything about points, and its first steps buy the sticker sheet."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone

from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Thread, Topic
from points import triggers
from points.demo import STICKER
from points.models import Achievement, Award, Gift, Kind, Redemption, Reward
from points.policy import EARNINGS
from points.queries.ledger import balance_of
from points.queries.rewards import cards_for
from points.queries.verify import mismatches
from profiles.actions.profiles import update_profile
from profiles.models import Profile


@pytest.fixture
def demo(db):
    call_command("seed_demo")


def test_the_demo_has_achievements_gifts_rewards_and_histories(demo, as_, mo):
    assert {one.trigger for one in Achievement.objects.published()} >= {
        key for key, _label in triggers.choices() if key != triggers.MANUAL
    }
    assert Award.objects.count() > 15 and Gift.objects.count() >= 6
    assert (
        Redemption.objects.filter(order__isnull=False).exists()
        and Redemption.objects.filter(code__isnull=False).exists()
    )
    assert list(mismatches()) == []
    ruben = Profile.objects.get(name__startswith="Rub")
    page = as_(mo).get(f"{ruben.get_absolute_url()}?tab=points").content.decode()
    assert (
        "Awarded by Hana Kobayashi" in page and "Redeemed: Sticker sheet" in page and "Achievement:" in page
    )
    report = as_(mo).get("/moderation/points/").content.decode()
    assert "Sticker sheet" in report and "Eddie Marsh" in report


def test_a_bio_a_first_question_and_a_first_reply_buy_the_sticker(demo, person, as_, committed):
    newcomer = person("newcomer")
    with committed():
        update_profile(newcomer, newcomer, bio="I have a cloud.")
    with committed():
        ask(
            newcomer,
            topic=Topic.objects.get(slug="sensors"),
            subject="Is this cloud normal?",
            body="It is square.",
        )
    sticker = Reward.objects.get(slug=STICKER)
    assert balance_of(newcomer.pk) == 10 < sticker.price
    with committed():
        post_reply(
            newcomer,
            Thread.objects.exclude(author=newcomer).filter(locked_at=None).first(),
            body="Mine is round.",
        )
    assert balance_of(newcomer.pk) == sticker.price + EARNINGS[Kind.REPLY].points
    card = next(one for one in cards_for(newcomer)[1] if one.reward == sticker)
    assert card.state == "lit"
    browser = as_(newcomer)
    assert browser.post(f"/community/rewards/{STICKER}/redeem/", {"key": "first"}).status_code == 302
    assert Redemption.objects.get(profile=newcomer).created_at <= timezone.now()
    assert balance_of(newcomer.pk) == EARNINGS[Kind.REPLY].points
    assert newcomer.wallet.transactions.filter(kind=Kind.ACHIEVEMENT).count() == 3
