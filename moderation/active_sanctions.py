"""What sanctions in force mean elsewhere: posting limits, no-contact orders, the appeal page of a ban."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forums.models import Post
from moderation.models import NoContact, Sanction
from moderation.models.sanctions import digest_of_session
from profiles.models import Profile, User
from profiles.restrictions import is_restricted

A_DAY = timedelta(days=1)


def why_not_post(profile: Profile) -> str | None:
    """Return why a sanction keeps the member from posting now, or None."""
    if not is_restricted(profile):
        return None
    limits = Sanction.objects.in_force().filter(profile=profile, posts_per_day__isnull=False)
    limit = limits.order_by("posts_per_day").values_list("posts_per_day", flat=True).first()
    if limit is None:
        return None
    if limit == 0:
        return _("A moderator has paused your posting. Our e-mail says until when, and how to appeal.")
    if Post.objects.filter(author=profile, created_at__gt=timezone.now() - A_DAY).count() < limit:
        return None
    return ngettext(
        "A moderator has limited you to %(count)d post per day. You’ve reached it for today.",
        "A moderator has limited you to %(count)d posts per day. You’ve reached it for today.",
        limit,
    ) % {"count": limit}


def no_contacts(profile: Profile) -> frozenset[int]:
    """Return the ids of the people of the member’s no-contact orders."""
    pairs = NoContact.objects.in_force()
    others = set(pairs.filter(one=profile).values_list("other_id", flat=True))
    return frozenset(others.union(pairs.filter(other=profile).values_list("one_id", flat=True)))


def appeal_page_of(user: User) -> str | None:
    """Return the page that explains a member’s ban and takes their appeal, or None."""
    ban = Sanction.objects.in_force().bans().filter(profile__user=user).order_by("-pk").first()
    return ban.appeal_url if ban else None


def appeal_page_of_session(session_key: str) -> str | None:
    """Return the page of the ban that ended the session with this key, or None."""
    ended = Sanction.objects.in_force().filter(ended_sessions__contains=[digest_of_session(session_key)])
    ban = ended.order_by("-pk").first()
    return ban.appeal_url if ban else None
