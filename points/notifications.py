"""Who hears about what in points: the person whose points, achievements or rewards they are; admins of what runs out."""

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
    """Register what people can choose about. An achievement is a small thing: by mail only to those who ask for it."""
    add_kind(Kind(ACHIEVEMENT, gettext_lazy("Achievements you earn"), email=False))
    add_kind(Kind(GIFT, gettext_lazy("Points you are given")))
    add_kind(Kind(REWARD, gettext_lazy("Your rewards: sent, or given back")))
    add_kind(Kind(LOW_STOCK, gettext_lazy("Rewards that run out"), least_role=Role.ADMIN))


def notify_award(award: Award) -> None:
    """Tell the owner of an achievement; given again after it was revoked, that is new."""
    title = _("You earned an achievement: %(title)s") % {"title": award.achievement.title}
    _tell(award, f"award:{award.pk}:{award.awarded_at.timestamp():.6f}", title)


def notify_revocation(award: Award) -> None:
    """Tell the former owner: nothing is taken away in silence."""
    title = _("An achievement was taken back: %(title)s") % {"title": award.achievement.title}
    _tell(award, f"revoked:{award.pk}:{award.awarded_at.timestamp():.6f}", title)


def notify_gift(gift: Gift, giver: Profile) -> None:
    """Tell who was given something; the page shows the reason."""
    title = ngettext("%(name)s gave you %(count)d point", "%(name)s gave you %(count)d points", gift.points)
    words = title % {"name": giver.name, "count": gift.points}
    notify(
        [gift.receiver_id],
        GIFT,
        source_key=f"gift:{gift.pk}",
        title=words,
        url=_tab(gift.receiver_id, "points"),
        actor=giver,
    )


def notify_sent(order: Order, redemption: Redemption) -> None:
    """Tell the member that the parcel is on its way. The tracking number stands in the mail; the address never does."""
    title = _("%(title)s is on its way.") % {"title": redemption.title}
    if order.tracking:
        title = f"{title} {_('Tracking: %(tracking)s') % {'tracking': order.tracking}}"
    _tell_member(redemption, "sent", title)


def notify_fulfilled(redemption: Redemption) -> None:
    """Tell the member that what needs no parcel was handed over."""
    _tell_member(redemption, "fulfilled", _("%(title)s: it is yours now.") % {"title": redemption.title})


def notify_refunded(redemption: Redemption) -> None:
    """Tell the member that the points are back."""
    came = ngettext("%(count)d point came back to you", "%(count)d points came back to you", redemption.price)
    title = _("%(points)s for %(title)s.") % {
        "points": came % {"count": redemption.price},
        "title": redemption.title,
    }
    _tell_member(redemption, "refunded", title)


def notify_low_stock(reward: Reward, left: int, mark: str) -> None:
    """Warn every admin, once until the stock is filled again: `mark` changes with each filling."""
    admins = Profile.objects.filter(role=Role.ADMIN, user__is_active=True).values_list("pk", flat=True)[:100]
    words = ngettext("%(title)s: %(count)d is left.", "%(title)s: %(count)d are left.", left)
    notify(
        list(admins), LOW_STOCK, source_key=f"reward:{reward.pk}:{mark}", title=words % {"title": reward.title, "count": left},
        url=reverse("admin:points_reward_change", args=[reward.pk]),
    )  # fmt: skip


def _tell(award: Award, source_key: str, title: str) -> None:
    notify(
        [award.profile_id],
        ACHIEVEMENT,
        source_key=source_key,
        title=title,
        url=_tab(award.profile_id, "achievements"),
    )


def _tab(profile_id: int, key: str) -> str:
    return f"/community/profiles/{profile_id}/?tab={key}"


def _tell_member(redemption: Redemption, what: str, title: str) -> None:
    notify(
        [redemption.profile_id],
        REWARD,
        source_key=f"redemption:{redemption.pk}:{what}",
        title=title,
        url=reverse("points-mine"),
    )
