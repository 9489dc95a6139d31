"""Who hears about what in points: the person whose points or achievements they are, and nobody else."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from points.models import Award, Gift
from profiles.actions.notifications import notify
from profiles.models import Profile
from profiles.notifications import Kind, add_kind

ACHIEVEMENT, GIFT = "achievement", "gift"


def add_kinds() -> None:
    """Register what people can choose about. An achievement is a small thing: by mail only to those who ask for it."""
    add_kind(Kind(ACHIEVEMENT, gettext_lazy("Achievements you earn"), email=False))
    add_kind(Kind(GIFT, gettext_lazy("Points you are given")))


def tell_of_award(award: Award) -> None:
    """Tell the owner of an achievement; given again after it was revoked, that is new."""
    title = _("You earned an achievement: %(title)s") % {"title": award.achievement.title}
    _tell(award, f"award:{award.pk}:{award.awarded_at.timestamp():.6f}", title)


def tell_of_revocation(award: Award) -> None:
    """Tell the former owner: nothing is taken away in silence."""
    title = _("An achievement was taken back: %(title)s") % {"title": award.achievement.title}
    _tell(award, f"revoked:{award.pk}:{award.awarded_at.timestamp():.6f}", title)


def tell_of_gift(gift: Gift, giver: Profile) -> None:
    """Tell who was given something; the page shows the reason."""
    title = ngettext("%(name)s gave you %(count)d point", "%(name)s gave you %(count)d points", gift.points)
    words = title % {"name": giver.name, "count": gift.points}
    notify([gift.receiver_id], GIFT, source_key=f"gift:{gift.pk}", title=words, url=_tab(gift.receiver_id, "points"), actor=giver)


def _tell(award: Award, source_key: str, title: str) -> None:
    notify([award.profile_id], ACHIEVEMENT, source_key=source_key, title=title, url=_tab(award.profile_id, "achievements"))


def _tab(profile_id: int, key: str) -> str:
    return f"/community/profiles/{profile_id}/?tab={key}"
