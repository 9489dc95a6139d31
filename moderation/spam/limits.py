"""The limits for new members, each with a name: one table that the checks and the public page both read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib import ratelimit
from community.lib.errors import TooMany
from forums import gate
from forums.models import Post
from moderation.models import Assessment
from profiles.models import Profile
from profiles.models.profile import Trust

NEW_FOR = timedelta(days=3)
NEW_POSTS = 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """How much of something is let through at once: more in a text waits for a moderator, more in a time is refused."""

    number: int
    label: str | Promise
    whom: str | Promise
    waits: bool = False


_EACH, _FIRST = gettext_lazy("each new member"), gettext_lazy("each new member, on the first day")
_PLACE, _ALL = gettext_lazy("new members from one internet address"), gettext_lazy("all new members together")
LIMITS = {
    "links": Limit(5, gettext_lazy("links to other sites per post"), _EACH, waits=True),
    "images": Limit(4, gettext_lazy("images per post"), _EACH, waits=True),
    "mentions": Limit(5, gettext_lazy("mentions per post"), _EACH, waits=True),
    "threads": Limit(5, gettext_lazy("threads per hour"), _EACH),
    "replies": Limit(20, gettext_lazy("replies per hour"), _EACH),
    "first threads": Limit(10, gettext_lazy("threads"), _FIRST),
    "first replies": Limit(50, gettext_lazy("replies"), _FIRST),
    "address": Limit(60, gettext_lazy("posts per hour"), _PLACE),
    "everybody": Limit(300, gettext_lazy("posts per hour"), _ALL, waits=True),
}


def has_settled(profile: Profile) -> bool:
    """Say whether a member is known by now: some days and some shown posts."""
    old_enough = timezone.now() - profile.created_at >= NEW_FOR
    return old_enough and profile.thread_count + profile.reply_count >= NEW_POSTS


def is_newcomer(profile: Profile) -> bool:
    """Say whether the limits are for this member."""
    return profile.trust == Trust.NEW and not has_settled(profile)


def holds_links(profile: Profile) -> bool:
    """Say whether the links of a new member's profile wait: until something they wrote stands, or they are known."""
    return is_newcomer(profile) and not (profile.thread_count or profile.reply_count)


def refuse_haste(submission: gate.Submission) -> None:
    """Count what a new member sends; raise TooMany past a limit. One member's texts are counted one after another."""
    author = submission.author
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(101, %s)", [author.pk % 2**31])
    what = "threads" if submission.kind == gate.THREAD else "replies"
    now = timezone.now()
    _count(author, what, HOUR, what)
    if now - author.created_at < DAY:
        _count(author, what, DAY, f"first {what}")
    if submission.arrival.address:
        seconds = int(HOUR.total_seconds())
        try:
            ratelimit.check(
                "newcomers", submission.arrival.address, limit=LIMITS["address"].number, seconds=seconds
            )
        except TooMany as refusal:
            refusal.help_path = reverse("limit-list")
            raise


def _count(author: Profile, what: str, span: timedelta, name: str) -> None:
    limit, since = LIMITS[name].number, timezone.now() - span
    sent = Post.objects.filter(author=author, created_at__gt=since).order_by("-created_at", "-id")
    sent = sent.filter(number=1) if what == "threads" else sent.filter(number__gt=1)
    moments = list(sent.values_list("created_at", flat=True)[:limit])
    if len(moments) >= limit:
        wait = max(60, int((moments[-1] + span - timezone.now()).total_seconds()))
        raise TooMany(_sentence(wait), retry_after=wait, help_path=reverse("limit-list"))


def _sentence(seconds: int) -> str:
    if seconds >= 2 * 3600:
        hours = round(seconds / 3600)
        when = ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}
    else:
        minutes = max(1, round(seconds / 60))
        when = ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}
    return _("You’ve reached the limit for new members. You can post again %(when)s.") % {"when": when}


def too_much(*, links: int, images: int, mentions: int) -> list[str]:
    """Return the names of the limits that a new member's text exceeds."""
    counted = {"links": links, "images": images, "mentions": mentions}
    return [name for name, number in counted.items() if number > LIMITS[name].number]


def is_flood() -> bool:
    """Say whether new members together send more than anybody can look after."""
    limit = LIMITS["everybody"].number
    since = timezone.now() - HOUR
    recent = Assessment.objects.filter(newcomer=True, created_at__gt=since).order_by("-created_at")
    return len(recent.values_list("pk", flat=True)[:limit]) >= limit
