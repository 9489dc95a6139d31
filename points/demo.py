"""Achievements, rewards and histories of the demo community, made by the same actions as everywhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from points import triggers
from points.actions.achievements import save_achievement
from points.actions.awards import grant, may_earn
from points.actions.codes import generate_codes
from points.actions.gifts import Wish, give_points
from points.actions.orders import place_order
from points.actions.redemptions import redeem
from points.actions.rewards import publish_reward, save_reward, set_stock
from points.models import Achievement, AchievementGroup, Audience, Drawing, GiftCategory, Reward, RewardKind
from points.policy import offer_gift_categories
from profiles.models import Profile

Event = tuple[datetime, Callable[[], object]]
# Group, then slug, title, description, icon, trigger, threshold, points; in the order of their levels.
# A bio, a first question and a first reply together buy the sticker sheet.
ACHIEVEMENTS = [
    ("Being here", [
        ("hello", "Hello", "Wrote a few words about yourself.", "pencil", triggers.BIO_WRITTEN, 1, 5),
        ("at-home", "At home", "Put up a picture, a bio, and where you are.", "user", triggers.PROFILE_COMPLETED, 1, 5),
        ("one-winter", "One winter", "A year by this fire.", "calendar", triggers.ANNIVERSARY, 1, 10),
        ("two-winters", "Two winters", "And another one.", "clock", triggers.ANNIVERSARY, 2, 20),
    ]),
    ("Asking", [
        ("first-question", "First question", "Asked what others were wondering too.", "message", triggers.QUESTIONS, 1, 5),
        ("curious", "Curious", "Asked five questions.", "sparkles", triggers.QUESTIONS, 5, 10),
    ]),
    ("Answering", [
        ("first-spark", "First spark", "Replied to somebody else’s thread.", "reply", triggers.REPLIES, 1, 10),
        ("kindling", "Good company", "Replied ten times.", "users", triggers.REPLIES, 10, 5),
        ("steady-flame", "Steady flame", "Replied a hundred times.", "flame", triggers.REPLIES, 100, 25),
    ]),
    ("Solving", [
        ("solved-one", "Problem solved", "Wrote the reply that solved a question.", "solved", triggers.SOLUTIONS, 1, 5),
        ("solved-five", "Sure hand", "Solved five questions.", "check-circle", triggers.SOLUTIONS, 5, 15),
        ("helped-three", "Good neighbour", "Helped three different people.", "star", triggers.PEOPLE_HELPED, 3, 10),
    ]),
    ("From the team", [
        ("margin-notes", "Margin notes", "Mended a page of the docs.", "book", triggers.MANUAL, 1, 15),
        ("night-owl", "Night watch", "Answered when everybody else was asleep.", "eye", triggers.MANUAL, 1, 15),
    ]),
]  # fmt: skip
SECRET = {"night-owl"}
# Days ago, giver, receiver, points, kind of reason, sentence.
GIFTS = [
    (41, "hana", "ruben", 50, "helping-others", "For the battery table that half the forum has bookmarked."),
    (33, "eddie", "li", 40, "good-report", "Your three lines of Python showed us the paging bug in ten minutes."),
    (26, "hana", "piet", 25, "beyond", "For levelling the mast at the meet-up, twice, in the rain."),
    (12, "eddie", "jonas", 30, "spreading-the-word", "For the lesson plan that other schools now use."),
    (6, "hana", "ruben", 25, "helping-others", "For staying with Ola until the light stopped blinking."),
    (3, "nell", "li", 20, "pull-request", "For the paragraph about late readings in the SDK’s README."),
]  # fmt: skip
# Days ago, receiver, giver, achievement, reason.
BY_HAND = [
    (30, "li", "eddie", "margin-notes", "The page about late readings."),
    (20, "ruben", "hana", "night-owl", "Twenty to midnight on a Sunday."),
]
HERE_FOR_DAYS = {
    "ruben": 800,
    "piet": 760,
    "mira": 500,
    "jonas": 420,
    "li": 390,
    "tove": 300,
    "sam": 90,
    "ola": 20,
}
STICKER, MUG, VOUCHER, TALK = "sticker-sheet", "enamel-mug", "store-voucher", "firmware-talk"


def seed_history(people: Mapping[str, Profile]) -> None:
    """Create achievements, rewards and the past weeks' transactions for the demo's `people` by key.

    In order of time, as a ledger grows: so it runs before the threads, whose points are dated now.
    """
    chance, now = random.Random(11), timezone.now()
    for key, days in HERE_FOR_DAYS.items():
        Profile.objects.filter(pk=people[key].pk).update(created_at=now - timedelta(days=days))
        people[key].refresh_from_db()
    _achievements(people, now)
    offer_gift_categories()
    rewards = _rewards(people["nell"])
    happened = [*_earned(people, chance, now), *_given(people, chance, now), *_spent(people, rewards, now)]
    for _at, _number, act in sorted((at, number, act) for number, (at, act) in enumerate(happened)):
        act()


def _achievements(people: Mapping[str, Profile], now: datetime) -> None:
    nell = people["nell"]
    for place, (name, rows) in enumerate(ACHIEVEMENTS):
        group = AchievementGroup.objects.create(name=name, position=place)
        for level, (slug, title, description, icon, trigger, threshold, points) in enumerate(rows, 1):
            save_achievement(
                nell,
                Achievement(
                    slug=slug, title=title, description=description, icon=icon, trigger=trigger, threshold=threshold,
                    points=points, group=group, level=level, is_secret=slug in SECRET,
                    published_at=now - timedelta(days=60), published_by_id=nell.pk,
                ),
            )  # fmt: skip


def _earned(people: Mapping[str, Profile], chance: random.Random, now: datetime) -> Iterator[Event]:
    """Yield what everybody qualifies for before they wrote anything, and a few by hand."""
    ids = sorted(may_earn([one.pk for one in people.values()]))
    for one in Achievement.objects.published().order_by("pk"):
        for profile_id, reached in sorted(triggers.count(one.trigger, ids).items()):
            if reached >= one.threshold:
                at = now - timedelta(days=chance.randint(9, 60), minutes=chance.randint(0, 600))
                yield at, partial(grant, profile_id, one, at=at)
    for days, key, giver, slug, reason in BY_HAND:
        at = now - timedelta(days=days)
        one = Achievement.objects.get(slug=slug)
        yield at, partial(grant, people[key].pk, one, actor_id=people[giver].pk, reason=reason, at=at)


def _given(people: Mapping[str, Profile], chance: random.Random, now: datetime) -> Iterator[Event]:
    for days, giver, receiver, points, kind, sentence in GIFTS:
        at = now - timedelta(days=days, hours=chance.randint(0, 9))
        wish = Wish(points, GiftCategory.objects.get(slug=kind), sentence)
        yield at, partial(give_points, people[giver], people[receiver], wish=wish, at=at)


def _rewards(nell: Profile) -> dict[str, Reward]:
    made = [
        Reward(
            slug=STICKER, title="Sticker sheet", summary="Nine small clouds, weatherproof.", price=20, drawing=Drawing.STICKER,
            needs_address=True, cost=Decimal("2.40"), terms="Posted within a week.", position=1,
        ),
        Reward(
            slug=MUG, title="Enamel mug", summary="Survives decks, roofs and dishwashers.", price=120, drawing=Drawing.MUG,
            needs_address=True, cost=Decimal("9.80"), position=2,
        ),
        Reward(
            slug=VOUCHER, title="€5 for the Larkspur store", summary="Off anything, batteries too.", price=50,
            kind=RewardKind.CREDIT, drawing=Drawing.VOUCHER, store_url="https://shop.larkspur.example/discount/{code}",
            cost=Decimal("5.00"), terms="One use, for a year.", member_limit=None, position=3,
        ),
        Reward(
            slug=TALK, title="30 minutes with the Firmware team", summary="Bring a station that puzzles you.", price=150,
            drawing=Drawing.TALK, audience=Audience.LEVEL, audience_value="2", cost=Decimal("40.00"), position=4,
        ),
    ]  # fmt: skip
    for reward in made:
        save_reward(nell, reward)
    rewards = {one.slug: one for one in made}
    for slug, units in ((STICKER, 200), (MUG, 12), (TALK, 4)):
        set_stock(nell, rewards[slug], units=units, reason="First lot.")
    generate_codes(nell, rewards[VOUCHER], count=40, prefix="LARK")
    return {slug: publish_reward(nell, one) for slug, one in rewards.items()}


def _spent(people: Mapping[str, Profile], rewards: Mapping[str, Reward], now: datetime) -> Iterator[Event]:
    """Let two people spend: one waits for a parcel, one has a code."""
    parcel_at, code_at = now - timedelta(days=2, hours=3), now - timedelta(days=1, hours=5)
    yield parcel_at, partial(_order_parcel, people["ruben"], rewards[STICKER], parcel_at)
    yield code_at, partial(redeem, people["li"], rewards[VOUCHER], at=code_at)


def _order_parcel(member: Profile, reward: Reward, at: datetime) -> None:
    parcel = redeem(member, reward, at=at)
    address = {
        "name": "Rubén Castaño",
        "address_line1": "Calle de la Pila 3",
        "city": "Valladolid",
        "postal_code": "47003",
    }
    place_order(member, parcel, address | {"country": "ES"})
