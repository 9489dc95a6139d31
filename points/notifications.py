"""Notifications about points, achievements and rewards to their owner, and about low stock to admins."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from points.models import Award, Gift, Order, Redemption, Reward
from profiles.actions.notifications import notify
from profiles.models import Profile, Role
from profiles.notifications import Kind, add_kind

ACHIEVEMENT, GIFT, REWARD, LOW_STOCK = "achievement", "gift", "reward", "low-stock"


def add_kinds() -> None:
    """Register the kinds. Achievements are e-mailed only to those who choose it."""
    add_kind(Kind(ACHIEVEMENT, gettext_lazy("Achievements you earn"), email=False))
    add_kind(Kind(GIFT, gettext_lazy("Points awarded to you")))
    add_kind(Kind(REWARD, gettext_lazy("Your rewards: sent, delivered or refunded")))
    add_kind(Kind(LOW_STOCK, gettext_lazy("Rewards that are running out"), least_role=Role.ADMIN))


def notify_award(award: Award) -> None:
    """Notify the member, again when it is awarded again after it was revoked."""
    title = _("You earned an achievement: %(title)s") % {"title": award.achievement.title}
    _notify_owner(award, f"award:{award.pk}:{award.awarded_at.timestamp():.6f}", title)


def notify_revocation(award: Award) -> None:
    """Notify the member that an achievement was revoked."""
    title = _("Your achievement was revoked: %(title)s") % {"title": award.achievement.title}
    _notify_owner(award, f"revoked:{award.pk}:{award.awarded_at.timestamp():.6f}", title)


def notify_gift(gift: Gift, giver: Profile) -> None:
    """Notify the member; the page shows the reason."""
    title = ngettext(
        "%(name)s awarded you %(count)d point", "%(name)s awarded you %(count)d points", gift.points
    )
    words = title % {"name": giver.name, "count": gift.points}
    url = _tab(gift.receiver_id, "points")
    notify([gift.receiver_id], GIFT, source_key=f"gift:{gift.pk}", title=words, url=url, actor=giver)


def notify_sent(order: Order, redemption: Redemption) -> None:
    """Notify the member that the order was sent, with the tracking number and never the shipping address."""
    words = _("%(title)s was sent. Tracking: %(tracking)s") if order.tracking else _("%(title)s was sent.")
    _notify_member(redemption, "sent", words % {"title": redemption.title, "tracking": order.tracking})


def notify_fulfilled(redemption: Redemption) -> None:
    """Notify the member that a reward without shipping was delivered."""
    _notify_member(redemption, "fulfilled", _("%(title)s was delivered.") % {"title": redemption.title})


def notify_refunded(redemption: Redemption) -> None:
    """Notify the member of a refund."""
    words = ngettext(
        "%(title)s was refunded: you got %(count)d point back.",
        "%(title)s was refunded: you got %(count)d points back.",
        redemption.price,
    )
    _notify_member(redemption, "refunded", words % {"title": redemption.title, "count": redemption.price})


def notify_low_stock(reward: Reward, left: int, mark: str) -> None:
    """Notify every admin, once until the stock is refilled: `mark` changes with each refill."""
    admins = Profile.objects.filter(role=Role.ADMIN, user__is_active=True).values_list("pk", flat=True)[:100]
    words = ngettext("Only %(count)d of %(title)s is left.", "Only %(count)d of %(title)s are left.", left)
    notify(
        list(admins),
        LOW_STOCK,
        source_key=f"reward:{reward.pk}:{mark}",
        title=words % {"title": reward.title, "count": left},
        url=reverse("admin:points_reward_change", args=[reward.pk]),
    )


def _notify_owner(award: Award, source_key: str, title: str) -> None:
    url = _tab(award.profile_id, "achievements")
    notify([award.profile_id], ACHIEVEMENT, source_key=source_key, title=title, url=url)


def _tab(profile_id: int, key: str) -> str:
    return f"/community/profiles/{profile_id}/?tab={key}"


def _notify_member(redemption: Redemption, what: str, title: str) -> None:
    key = f"redemption:{redemption.pk}:{what}"
    notify([redemption.profile_id], REWARD, source_key=key, title=title, url=reverse("points-mine"))
