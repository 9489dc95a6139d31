"""What the pages of reports, sanctions and appeals show: queues, deadlines, a member’s record, a report’s log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.audit.queries import entries_about
from forums.models import Post
from moderation.models import Appeal, Complaint, Outcome, Report, Sanction
from moderation.queries.log import Line, described
from moderation.report_targets import ReportTarget
from profiles.models import Profile

OPEN, MINE, DECIDED = "open", "mine", "decided"
RECORD_LIMIT, REPORTS_SHOWN, LOG_SHOWN, BEFORE = 20, 50, 30, 2


@dataclass(frozen=True)
class Clock:
    """How long is left (or how late it is): in words, and as a percentage of the term."""

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
    """Return open reports, those due first on top, or decided ones, newest first."""
    reports = Report.objects.visible_to(viewer).select_related("subject", "claimed_by", "decided_by")
    if state == DECIDED:
        return reports.filter(decided_at__isnull=False).order_by("-decided_at", "-id")
    if state == MINE:
        reports = reports.filter(claimed_by=viewer, claimed_until__gt=timezone.now())
    return reports.open().order_by("due_at", "id")


def next_open(viewer: Profile | None, report: Report) -> Report | None:
    """Return the open report that is due first, besides this one."""
    return queue(viewer, OPEN).exclude(pk=report.pk).first()


def clock_of(report: Report | Appeal, began: datetime) -> Clock:
    """Return the clock of a report or an appeal that is due at `due_at`."""
    now = timezone.now()
    left, whole = (report.due_at - now).total_seconds(), max((report.due_at - began).total_seconds(), 1)
    words = _("%(time)s left") if left > 0 else _("%(time)s overdue")
    used = min(100, max(0, round(100 * (1 - left / whole))))
    return Clock(
        words % {"time": span(abs(left))}, used, "late" if left <= 0 else "soon" if left <= 4 * 3600 else ""
    )


def span(seconds: float) -> str:
    """Return a duration in words: 40 min, 3 h 20 min, 5 days."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return _("%(count)d min") % {"count": max(1, minutes)}
    if minutes < 48 * 60:
        return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def complaints_of(report: Report) -> list[Complaint]:
    """Return the complaints of a report, without who made them."""
    return list(report.complaints.order_by("id")[:REPORTS_SHOWN])


def before(target: ReportTarget | None) -> list[Post]:
    """Return the posts right before a reported reply."""
    if target is None or target.post is None:
        return []
    earlier = Post.objects.filter(
        thread=target.post.thread_id, number__lt=target.post.number, deleted_at=None
    )
    return list(earlier.select_related("author").order_by("-number")[:BEFORE])[::-1]


def record_of(profile: Profile, *, without: Report | None = None) -> list[RecordLine]:
    """Return a member’s sanctions and reports without a sanction, newest first."""
    given = Sanction.objects.filter(profile=profile).select_related("given_by").order_by("-pk")[:RECORD_LIMIT]
    lines = [
        RecordLine(one.starts_at, str(one.get_kind_display()), _status(one), one.get_absolute_url())
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
    """Return a member’s sanctions in force, newest first."""
    return list(
        Sanction.objects.in_force()
        .filter(profile=profile)
        .select_related("given_by")
        .order_by("-pk")[:RECORD_LIMIT]
    )


def log_of(report: Report) -> list[Line]:
    """Return what was done about a report and by whom, newest first; reporters are not named."""
    return described(list(entries_about(f"case:{report.pk}")[:LOG_SHOWN]))


def appeals_for(viewer: Profile | None, *, decided: bool) -> QuerySet[Appeal]:
    """Return the appeals a moderator may read, open ones due first on top; never about themselves."""
    rows = Appeal.objects.visible_to(viewer).select_related(
        "sanction__profile", "sanction__given_by", "decided_by"
    )
    if decided:
        return rows.filter(decided_at__isnull=False).order_by("-decided_at", "-id")
    return rows.filter(decided_at=None).order_by("due_at", "id")


def sanctions_for(viewer: Profile | None, state: str, name: str = "") -> QuerySet[Sanction]:
    """Return sanctions, newest first: those in force, or all."""
    rows = Sanction.objects.visible_to(viewer).select_related("profile", "given_by")
    if state != "all":
        rows = rows.in_force()
    if name:
        rows = rows.filter(
            Q(profile__name__icontains=name) | Q(profile__handle__iexact=name.removeprefix("@"))
        )
    return rows.order_by("-id")


def _status(given: Sanction) -> str:
    name = given.given_by.name if given.given_by else _("Former member")
    said = _("%(rule)s, by %(name)s.") % {"rule": given.rule_title, "name": name}
    if given.lifted_at is not None:
        return f"{said} {_('Lifted.')}"
    return said if given.is_in_force else f"{said} {_('Expired.')}"
