"""Reading people for their pages."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db.models import Prefetch
from django.utils import timezone

from profiles.devices import device_name
from profiles.models import ApiKey, Profile, ProfileQuerySet, TeamMembership, User

KEYS_SHOWN = 50


def profile_page(viewer: Profile | None) -> ProfileQuerySet:
    """Return the profiles `viewer` may open, with what their page shows: two queries a page."""
    teams = TeamMembership.objects.select_related("team").order_by("team__name")
    return Profile.objects.visible_to(viewer).select_related("team").prefetch_related(Prefetch("memberships", queryset=teams))


def is_worth_indexing(profile: Profile) -> bool:
    """Say whether search engines should see the page: nobody looks for somebody who has said nothing."""
    return bool(profile.bio or profile.thread_count or profile.reply_count)


def sessions_of(user: User) -> list[UserSession]:
    """Return where the account is signed in, with `device`: this place first, then the newest. Sweeps ended sessions."""
    sessions: list[UserSession] = UserSession.objects.purge_and_list(user)
    for one in sessions:
        one.device = device_name(one.user_agent)  # type: ignore[attr-defined]
    return sorted(sessions, key=lambda one: (not one.is_current(), -one.created_at.timestamp()))


def keys_of(user: User) -> list[ApiKey]:
    """Return the account's keys that were not revoked, newest first; `expired` is set on those past their time."""
    keys = list(ApiKey.objects.filter(user=user, revoked_at=None)[:KEYS_SHOWN])
    for key in keys:
        key.expired = key.expires_at is not None and key.expires_at <= timezone.now()  # type: ignore[attr-defined]
    return keys
