"""What the pages of the queue show: reports with their clocks, what somebody's record says, and what was done about a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.audit.models import LogEntry
from forums.models import Post
from moderation.models import Appeal, Complaint, Outcome, Report, Sanction
from moderation.report_targets import ReportTarget
from profiles.models import Profile

OPEN, MINE, DECIDED = "open", "mine", "decided"
DONE = {
    "report.made": gettext_lazy("Reported"),
    "report.claimed": gettext_lazy("Claimed"),
    "report.decided": gettext_lazy("Decided"),
    "seal.asked": gettext_lazy("Opening of the seal asked for"),
    "seal.opened": gettext_lazy("Seal opened"),
}
RECORD_LIMIT, REPORTS_SHOWN, LOG_SHOWN, BEFORE = 20, 50, 30, 2


@dataclass(frozen=True)
class Clock:
    """How long is left (or since when it is late), in words and as a share of the term."""

    words: str
    used: int
    urgency: str


@dataclass(frozen=True)
class RecordLine:
    at: datetime
    title: str
    said: str
    url: str


def queue(viewer: Profile | None, state: str) -> QuerySet[Report]:
    """Return the reports of a list: what is open by its clock, or what is decided, newest first."""
    reports = Report.objects.visible_to(viewer).select_related("subject", "claimed_by", "decided_by")
    if state == DECIDED:
        return reports.filter(decided_at__isnull=False).order_by("-decided_at", "-id")
    if state == MINE:
        reports = reports.filter(claimed_by=viewer, claimed_until__gt=timezone.now())
    return reports.open().order_by("due_at", "id")


def clock_of(report: Report | Appeal, began: datetime) -> Clock:
    """Return the running clock of something that wants an answer by `due_at`."""
    now = timezone.now()
    left, whole = (report.due_at - now).total_seconds(), max((report.due_at - began).total_seconds(), 1)
    words = _("%(time)s left") if left > 0 else _("%(time)s over")
    used = min(100, max(0, round(100 * (1 - left / whole))))
    return Clock(
        words % {"time": span(abs(left))}, used, "late" if left <= 0 else "soon" if left <= 4 * 3600 else ""
    )


def span(seconds: float) -> str:
    """Say a time in words: 40 min, 3 h 20 min, 5 days."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return _("%(count)d min") % {"count": max(1, minutes)}
    if minutes < 48 * 60:
        return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def complaints_of(report: Report) -> list[Complaint]:
    """Return what was said about a report, without who said it."""
    return list(report.complaints.order_by("id")[:REPORTS_SHOWN])


def before(target: ReportTarget | None) -> list[Post]:
    """Return the posts that stand right before a reported reply."""
    if target is None or target.post is None:
        return []
    earlier = Post.objects.filter(
        thread=target.post.thread_id, number__lt=target.post.number, deleted_at=None
    )
    return list(earlier.select_related("author").order_by("-number")[:BEFORE])[::-1]


def record_of(profile: Profile, *, without: Report | None = None) -> list[RecordLine]:
    """Return what was decided about somebody, newest first: steps of the ladder and reports that came to nothing."""
    given = Sanction.objects.filter(profile=profile).select_related("given_by").order_by("-pk")[:RECORD_LIMIT]
    lines = [
        RecordLine(one.starts_at, str(one.get_kind_display()), _standing(one), one.get_absolute_url())
        for one in given
    ]
    reports = Report.objects.filter(subject=profile, decided_at__isnull=False).exclude(
        pk=without.pk if without else None
    )
    for report in reports.exclude(outcome=Outcome.SANCTIONED).order_by("-pk")[:RECORD_LIMIT]:
        assert report.decided_at is not None
        lines.append(
            RecordLine(
                report.decided_at, str(report.get_outcome_display()), report.title, report.get_absolute_url()
            )
        )
    return sorted(lines, key=lambda line: line.at, reverse=True)[:RECORD_LIMIT]


def in_force(profile: Profile) -> list[Sanction]:
    """Return the sanctions in force of somebody, newest first: one more comes on top of them."""
    return list(
        Sanction.objects.in_force()
        .filter(profile=profile)
        .select_related("given_by")
        .order_by("-pk")[:RECORD_LIMIT]
    )


def log_of(report: Report) -> list[tuple[datetime, str]]:
    """Return what was done about a report and by whom, newest first; reports name nobody."""
    entries = list(LogEntry.objects.filter(target=f"case:{report.pk}").order_by("-id")[:LOG_SHOWN])
    names = dict(
        Profile.objects.filter(pk__in={one.actor_id for one in entries if one.actor_id}).values_list(
            "pk", "name"
        )
    )
    said = [
        (one.created_at, str(DONE.get(one.action, one.action)), names.get(one.actor_id or 0, ""))
        for one in entries
    ]
    return [
        (at, _("%(what)s by %(name)s") % {"what": what, "name": name} if name else what)
        for at, what, name in said
    ]


def appeals_for(viewer: Profile | None, *, decided: bool) -> QuerySet[Appeal]:
    """Return the appeals a moderator may read: not about themselves; those they may not decide say so on their page."""
    rows = Appeal.objects.visible_to(viewer).select_related(
        "sanction__profile", "sanction__given_by", "decided_by"
    )
    if decided:
        return rows.filter(decided_at__isnull=False).order_by("-decided_at", "-id")
    return rows.filter(decided_at=None).order_by("due_at", "id")


def sanctions_for(viewer: Profile | None, state: str, name: str = "") -> QuerySet[Sanction]:
    """Return the sanctions of a list, newest first: those in force, or all."""
    rows = Sanction.objects.visible_to(viewer).select_related("profile", "given_by")
    if state != "all":
        rows = rows.in_force()
    if name:
        rows = rows.filter(
            Q(profile__name__icontains=name) | Q(profile__handle__iexact=name.removeprefix("@"))
        )
    return rows.order_by("-id")


def _standing(given: Sanction) -> str:
    name = given.given_by.name if given.given_by else _("Somebody")
    said = _("%(rule)s, by %(name)s.") % {"rule": given.rule_title, "name": name}
    if given.lifted_at is not None:
        return f"{said} {_('Lifted.')}"
    return said if given.is_in_force else f"{said} {_('Over.')}"
