"""Reading people for their pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from profiles.devices import device_name
from profiles.models import (
    ApiKey,
    Delivery,
    MailSettings,
    Nomination,
    Notification,
    NotificationPreference,
    Profile,
    ProfileQuerySet,
    Role,
    Team,
    TeamMembership,
    User,
)
from profiles.models.profile import Trust
from profiles.notifications import Kind, kinds_for

KEYS_SHOWN = 50
NEW_FOR = timedelta(days=7)
FACES_SHOWN = 8
TEAM_SHOWN = 200
UNREAD_SHOWN = 99  # the bell says 99+ beyond it, so nobody counts further
UNREAD_KEPT_SECONDS = 30
UNREAD_KNOWN = "_unread_known"


def profile_page(viewer: Profile | None) -> ProfileQuerySet:
    """Return the profiles `viewer` may open, with what their page shows: two queries a page."""
    teams = TeamMembership.objects.select_related("team").order_by("team__name")
    return (
        Profile.objects.visible_to(viewer)
        .select_related("team")
        .prefetch_related(Prefetch("memberships", queryset=teams))
    )


def is_worth_indexing(profile: Profile) -> bool:
    """Say whether search engines should see the page: not while it is empty, and not of somebody who came just now."""
    says_something = bool(profile.bio or profile.thread_count or profile.reply_count)
    is_new = profile.trust == Trust.NEW and profile.created_at > timezone.now() - NEW_FOR
    return says_something and not is_new


def worth_indexing() -> ProfileQuerySet:
    """Return everybody whose page search engines may see: the same rule for many."""
    says_something = Q(thread_count__gt=0) | Q(reply_count__gt=0) | ~Q(bio="")
    is_new = Q(trust=Trust.NEW, created_at__gt=timezone.now() - NEW_FOR)
    return Profile.objects.visible_to(None).filter(says_something).exclude(is_new)


def cohort_of(profile: Profile) -> str:
    """Return the cohort a champion said yes to last, for their badge."""
    if profile.role != Role.CHAMPION:
        return ""
    said_yes = Nomination.objects.filter(profile=profile, accepted_at__isnull=False).order_by("-accepted_at")
    return said_yes.values_list("cohort__name", flat=True).first() or ""


def teams_shown() -> QuerySet[Team]:
    """Return the teams with how many people are on each, and the first faces: two queries a page."""
    faces = TeamMembership.objects.select_related("profile__team").order_by("-is_lead", "created_at", "pk")
    return (
        Team.objects.annotate(people_count=Count("memberships"))
        .order_by("name")
        .prefetch_related(Prefetch("memberships", queryset=faces[:FACES_SHOWN], to_attr="faces"))
    )


def members_of(team: Team) -> list[TeamMembership]:
    """Return who is on a team, leads first, then those who have been there longest: one query."""
    return members_of_all([team])[team.pk]


def members_of_all(teams: Sequence[Team]) -> dict[int, list[TeamMembership]]:
    """Return by team who is on it, leads first, then those who have been there longest: one query for all of them."""
    rows = TeamMembership.objects.filter(team__in=teams, profile__deactivated_at=None).select_related(
        "profile__team"
    )
    members: dict[int, list[TeamMembership]] = {team.pk: [] for team in teams}
    for row in rows.order_by("-is_lead", "started_on", "created_at", "pk")[: TEAM_SHOWN * max(len(teams), 1)]:
        members[row.team_id].append(row)
    return members


def teammates_of(profile: Profile) -> list[Team]:
    """Return a person's teams, each with `mates`: the person first, then leads and the others.

    At most one query.
    """
    teams = [membership.team for membership in profile.memberships.all()]
    if teams:
        members = members_of_all(teams)
        for team in teams:
            team.mates = sorted(members[team.pk], key=lambda row: row.profile_id != profile.pk)  # type: ignore[attr-defined]
    return teams


def people_on_teams(team: str = "") -> ProfileQuerySet:
    """Return everyone on a team (or on the one of that slug) and nobody else, by name, with what they do there: two queries."""
    rows = TeamMembership.objects.select_related("team").order_by("created_at", "pk")
    on_teams = (
        Profile.objects.visible_to(None).exclude(team=None).select_related("team").order_by("name", "pk")
    )
    if team:
        on_teams = on_teams.filter(memberships__team__slug=team)
    return on_teams.prefetch_related(Prefetch("memberships", queryset=rows))


def sessions_of(user: User) -> list[UserSession]:
    """Return where the account is signed in, with `device`: this place first, then the newest.

    Sweeps ended sessions.
    """
    sessions: list[UserSession] = UserSession.objects.purge_and_list(user)
    for one in sessions:
        one.device = device_name(one.user_agent)  # type: ignore[attr-defined]
    return sorted(sessions, key=lambda one: (not one.is_current(), -one.created_at.timestamp()))


def keys_of(user: User) -> list[ApiKey]:
    """Return the account's keys that were not revoked, newest first.

    `expired` is set on those past their time.
    """
    keys = list(ApiKey.objects.filter(user=user, revoked_at=None)[:KEYS_SHOWN])
    for key in keys:
        key.expired = key.expires_at is not None and key.expires_at <= timezone.now()  # type: ignore[attr-defined]
    return keys


@dataclass(frozen=True)
class Unread:
    """What a person has not read: how many (at most one more than `UNREAD_SHOWN`), what about, and the pages that show it."""

    count: int
    sources: tuple[str, ...]
    places: frozenset[str]

    def about(self, things: Iterable[str]) -> list[str]:
        """Return the source keys that are about `things`: about "post:5" are itself and "post:5:solved:1700000000"."""
        wanted = set(things)
        return [source for source in self.sources if ":".join(source.split(":")[:2]) in wanted]

    @property
    def is_cut(self) -> bool:
        """Say whether there is more than was looked at."""
        return self.count > UNREAD_SHOWN


def unread_of(profile: Profile) -> Unread:
    """Return what is unread.

    Kept for a moment, so that every page may ask, and with `profile`, so that it may ask thrice.
    """
    known: Unread | None = profile.__dict__.get(UNREAD_KNOWN)
    if known is None:
        known = profile.__dict__[UNREAD_KNOWN] = _unread_of(profile)
    return known


def _unread_of(profile: Profile) -> Unread:
    key = _unread_key(profile.pk)
    rows = cache.get(key)
    if rows is None:
        unread = Notification.objects.filter(profile=profile).unread().order_by("-id")
        rows = list(unread.values_list("source_key", "url")[: UNREAD_SHOWN + 1])
        cache.set(key, rows, UNREAD_KEPT_SECONDS)
    return Unread(
        len(rows), tuple(source for source, _url in rows), frozenset(place_of(url) for _source, url in rows)
    )


def unread_count(profile: Profile) -> int:
    """Return how many notifications are unread, at most one more than `UNREAD_SHOWN`."""
    return unread_of(profile).count


def place_of(url: str) -> str:
    """Return the page of an address: all of it but the fragment."""
    return url.partition("#")[0]


def forget_unread(profile: Profile) -> None:
    """Let what is unread be looked up anew: `profile` read or dismissed something."""
    profile.__dict__.pop(UNREAD_KNOWN, None)
    forget_unread_counts([profile.pk])


def forget_unread_counts(profile_ids: Iterable[int]) -> None:
    """Let the counts be counted anew, once the transaction is committed."""
    keys = [_unread_key(pk) for pk in profile_ids]
    if keys:
        transaction.on_commit(partial(cache.delete_many, keys))


def _unread_key(profile_id: int) -> str:
    return f"unread:{profile_id}"


def notifications_of(profile: Profile) -> QuerySet[Notification]:
    """Return a person's notifications that were not dismissed, newest first, with who caused them."""
    return Notification.objects.filter(profile=profile).shown().select_related("actor__team").order_by("-id")


def deliveries_of(profile: Profile) -> QuerySet[Delivery]:
    """Return a person's mail log, newest first: what was sent, skipped and why.

    Parts of one mail stand singly.
    """
    return Delivery.objects.filter(profile=profile).prefetch_related("returns").order_by("-id")


def mail_settings_of(profile: Profile) -> MailSettings:
    """Return how a person wants their mail; the defaults, not stored, when nothing was chosen."""
    return MailSettings.objects.filter(profile=profile).first() or MailSettings(profile=profile)


@dataclass(frozen=True)
class Wish:
    """What a person wants of one kind, by choice or by its defaults."""

    kind: Kind
    in_app: bool
    email: bool


def wishes_of(profile: Profile) -> list[Wish]:
    """Return what a person wants of every kind they may choose about. One query."""
    chosen = {row.kind: row for row in NotificationPreference.objects.filter(profile=profile)}
    kinds = [(kind, chosen.get(kind.key, kind)) for kind in kinds_for(profile)]
    return [Wish(kind, one.in_app, one.email) for kind, one in kinds]
