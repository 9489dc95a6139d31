"""Rewards as one person sees them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.translation import gettext as _

from points.models import Audience, Award, Code, Redemption, Reward, RewardKind
from points.permissions import AUDIENCES
from points.queries.ledger import balance_of
from profiles.models import Profile

CARDS = 60


@dataclass
class Card:
    """`state`: lit (can be redeemed now), short (of points), done (redeemed) or off (`why` says why)."""

    reward: Reward
    state: str
    why: str = ""
    missing: int = 0
    left_over: int = 0
    redemption: Redemption | None = None
    picture_url: str = ""
    drawing: str = ""

    @property
    def has_code(self) -> bool:
        """Say whether the person's newest redemption of it has a code to show."""
        return self.redemption is not None and hasattr(self.redemption, "code")

    @property
    def available(self) -> bool:
        """Whether the person can redeem it now, with the points they have or may yet earn."""
        return self.state in ("lit", "short")

    @property
    def needs_order(self) -> bool:
        one = self.redemption
        return one is not None and self.reward.needs_address and not hasattr(one, "order")


def visible_rewards(viewer: Profile | None) -> QuerySet[Reward]:
    """Return the rewards `viewer` may see, with `has_code`, `is_chosen` and `is_held`."""
    rewards = Reward.objects.published().annotate(
        has_code=Exists(Code.objects.filter(reward=OuterRef("pk"), redemption=None)),
        is_chosen=Exists(Reward.chosen.through.objects.filter(reward_id=OuterRef("pk"), profile=viewer)),
        is_held=Exists(
            Award.objects.in_force().filter(profile=viewer, achievement__slug=OuterRef("audience_value"))
        ),
    )
    return rewards.filter(~Q(audience=Audience.CHOSEN) | Q(is_chosen=True))


def cards_for(profile: Profile) -> tuple[int, list[Card]]:
    """Return the balance and a card for each reward, in a fixed number of queries."""
    balance = balance_of(profile.pk)
    return balance, cards_of(profile, balance, list(visible_rewards(profile)[:CARDS]))


def cards_of(profile: Profile, balance: int, rewards: list[Reward]) -> list[Card]:
    """Return a card for each of `rewards`."""
    kept = Redemption.objects.kept().filter(profile=profile, reward__in=rewards)
    had = dict(kept.order_by().values_list("reward_id").annotate(Count("pk")))
    # One row a reward, however often it was redeemed: the newest.
    newest = kept.order_by("reward_id", "-id").distinct("reward_id").select_related("order", "code")
    redeemed = {one.reward_id: one for one in newest}
    return [
        _card(profile, reward, balance, had.get(reward.pk, 0), redeemed.get(reward.pk)) for reward in rewards
    ]


def next_card(cards: list[Card]) -> Card | None:
    """Return the reward the person is saving for: the cheapest that is only short of points, or the cheapest
    in reach.
    """
    short = [card for card in cards if card.state == "short"]
    return min(
        short or [card for card in cards if card.state == "lit"],
        key=lambda card: card.reward.price,
        default=None,
    )


def _card(profile: Profile, reward: Reward, balance: int, had: int, redeemed: Redemption | None) -> Card:
    card = Card(
        reward,
        "lit",
        redemption=redeemed,
        left_over=balance - reward.price,
        drawing=f"points/drawings/{reward.drawing}.html",
    )
    card.picture_url = f"{settings.MEDIA_URL}{reward.picture}" if reward.picture else ""
    if redeemed is not None and (
        card.needs_order or (reward.member_limit is not None and had >= reward.member_limit)
    ):
        card.state = "done"
    elif why := _why_off(profile, reward):
        card.state, card.why = "off", why
    elif balance < reward.price:
        card.state, card.missing = "short", reward.price - balance
    return card


def _why_off(profile: Profile, reward: Reward) -> str:
    now = timezone.now()
    if reward.opens_at and reward.opens_at > now:
        return _("Available from %(date)s") % {"date": dated(timezone.localtime(reward.opens_at), "j F")}
    if reward.closes_at and reward.closes_at <= now:
        return _("No longer available")
    if reward.audience == Audience.LEVEL and not AUDIENCES[Audience.LEVEL](profile, reward):
        return _("From level %(level)s") % {"level": reward.audience_value}
    if reward.audience == Audience.ACHIEVEMENT and not reward.is_held:  # type: ignore[attr-defined]
        return _("Needs an achievement")
    is_gone = not reward.has_code if reward.kind == RewardKind.CREDIT else reward.stock == 0  # type: ignore[attr-defined]
    return _("Out of stock") if is_gone else ""


def store_link(reward: Reward, code: str) -> str:
    """Return the URL where the code is used, or nothing when the reward has none."""
    if not reward.store_url:
        return ""
    return reward.store_url.replace("{code}", quote(code, safe=""))
