"""Telling moderators of work: new reports, appeals, posts awaiting approval, and what is due soon.

Each is a kind of its own that a moderator can turn off. What comes within five minutes is one e-mail. No alert goes to
the person concerned or says who reported; none quotes the reported words or names anybody, so it can leave the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.mail import html_of
from forums.models import Post
from moderation.models import Appeal, Report, Reporter
from moderation.queries.review import waiting
from profiles.actions.notifications import notify
from profiles.mail.emails import footer
from profiles.models import Notification, Profile, Role, SkipReason
from profiles.notifications import Composed, Email, EmailBatch, Kind, add_kind, kind_of
from profiles.permissions import MODERATORS
from profiles.queries import forget_unread_counts

REPORTS, APPEALS, APPROVAL, DUE = "new-report", "new-appeal", "awaiting-approval", "moderation-due"
LABELS = {
    REPORTS: gettext_lazy("New reports"),
    APPEALS: gettext_lazy("New appeals"),
    APPROVAL: gettext_lazy("Posts awaiting approval"),
    DUE: gettext_lazy("Reports and appeals due soon"),
}
GROUP = "moderators"
GROUP_SECONDS = 300
# A reminder goes out so long before the deadline; what is overdue longer than a day got its own long ago.
REMIND_BEFORE, REMIND_UNTIL = timedelta(hours=1), timedelta(days=1)
AT_ONCE, LISTED = 200, 20


def add_kinds() -> None:
    """Register the kinds, which only moderators see."""
    for key, label in LABELS.items():
        kind = Kind(
            key,
            label,
            least_role=Role.MODERATOR,
            group_seconds=GROUP_SECONDS,
            first_waits=True,
            compose=compose,
        )
        add_kind(kind)


def notify_of_report(report: Report) -> None:
    """Notify the moderators who can close a report. In the transaction that creates it."""
    title = _("New report: %(rule)s. Due %(time)s") % {
        "rule": report.rule_title,
        "time": _time(report.due_at),
    }
    _notify(_judges_of(report), REPORTS, f"case:{report.pk}", title, report.get_absolute_url())


def notify_of_appeal(appeal: Appeal) -> None:
    """Notify the moderators who can decide an appeal. In the transaction that creates it."""
    title = _("New appeal. Due %(time)s") % {"time": _time(appeal.due_at)}
    _notify(_judges_of(appeal), APPEALS, f"appeal:{appeal.pk}", title, appeal.get_absolute_url())


def notify_of_waiting(post: Post) -> None:
    """Notify moderators that posts await approval: once, until the oldest is decided."""
    if post.held_at is None or (first := waiting().first()) is None:
        return
    moderators = _moderators().exclude(pk=post.author_id)
    _notify(
        moderators, APPROVAL, f"waiting:{first.pk}", _("A post is awaiting approval"), "/moderation/review/"
    )


def remind_of_due() -> int:
    """Remind of reports and appeals due within the hour, once each. Returns the number of notifications."""
    now, mails = timezone.now(), 0
    soon = {"decided_at": None, "due_at__lte": now + REMIND_BEFORE, "due_at__gt": now - REMIND_UNTIL}
    for report in (
        Report.objects.filter(**soon).select_related("claimed_by").order_by("due_at", "id")[:AT_ONCE]
    ):
        people = [report.claimed_by_id] if report.claim_holds and report.claimed_by_id else _judges_of(report)
        title = _("Report due %(time)s") % {"time": _time(report.due_at)}
        mails += _notify(people, DUE, f"case:{report.pk}", title, report.get_absolute_url())
    for appeal in Appeal.objects.filter(**soon).select_related("sanction").order_by("due_at", "id")[:AT_ONCE]:
        title = _("Appeal due %(time)s") % {"time": _time(appeal.due_at)}
        mails += _notify(_judges_of(appeal), DUE, f"appeal:{appeal.pk}", title, appeal.get_absolute_url())
    return mails


def close_alerts(*source_keys: str) -> None:
    """Mark alerts of decided work as read for all moderators. Their pending e-mails are left out when composed."""
    unread = Notification.objects.filter(
        profile__in=_moderators(), source_key__in=source_keys, kind__in=LABELS
    ).unread()
    told = list(unread.values_list("profile_id", flat=True))
    if told:
        unread.update(read_at=timezone.now())
        forget_unread_counts(told)


def compose(batches: Sequence[EmailBatch]) -> Mapping[int, Composed]:
    """Compose one e-mail per batch, without what is already decided; a constant number of queries."""
    open_keys = _still_open(row.source_key for batch in batches for row in batch.rows)
    return {batch.lead.pk: _compose(batch, open_keys) for batch in batches}


def _compose(batch: EmailBatch, open_keys: frozenset[str]) -> Composed:
    rows = [row for row in batch.rows if row.source_key in open_keys]
    if not rows:
        return SkipReason.GONE
    kind, scope = batch.lead.kind, f"kind:{batch.lead.kind}"
    subject = rows[0].title if len(rows) == 1 else _subject(kind, len(rows))
    told = [f"{row.title}\n{settings.SITE_URL}{row.url}" for row in rows[:LISTED]]
    if more := len(rows) - len(told):
        told.append(ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more})
    said = "\n\n".join(told)
    html = html_of(
        said, title=subject, context={"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}
    )
    gone = {row.pk: SkipReason.GONE for row in batch.rows if row not in rows}
    text = f"{said}\n\n{footer(batch.profile.pk, scope)}"
    return Email(subject, text, html, scope, kind, str(kind_of(kind).label), left_out=gone)


def _subject(kind: str, count: int) -> str:
    said = {
        REPORTS: ngettext("%(count)d new report", "%(count)d new reports", count),
        APPEALS: ngettext("%(count)d new appeal", "%(count)d new appeals", count),
        APPROVAL: _("Posts are awaiting approval"),
        DUE: ngettext("%(count)d answer is due soon", "%(count)d answers are due soon", count),
    }[kind]
    return said % {"count": count}


def _still_open(keys: Iterable[str]) -> frozenset[str]:
    ids: dict[str, list[int]] = {"case": [], "appeal": [], "waiting": []}
    for key in keys:
        name, _colon, pk = key.partition(":")
        ids[name].append(int(pk))
    rows: dict[str, QuerySet] = {
        "case": Report.objects.open(),
        "appeal": Appeal.objects.open(),
        "waiting": waiting(),
    }
    return frozenset(
        f"{name}:{pk}"
        for name in ids
        for pk in rows[name].filter(pk__in=ids[name]).values_list("pk", flat=True)
    )


def _judges_of(thing: Report | Appeal) -> QuerySet[Profile]:
    """Return the moderators who can decide: not the member concerned, a reporter, or who gave the sanction."""
    if isinstance(thing, Appeal):
        return _moderators().exclude(
            pk__in=[pk for pk in (thing.sanction.profile_id, thing.sanction.given_by_id) if pk]
        )
    reporters = Reporter.objects.filter(report=thing, profile__isnull=False).values("profile")
    return _moderators().exclude(pk=thing.subject_id).exclude(pk__in=reporters)


def _moderators() -> QuerySet[Profile]:
    return Profile.objects.filter(role__in=MODERATORS, deactivated_at=None)


def _notify(people: QuerySet[Profile] | list[int], kind: str, key: str, title: str, url: str) -> int:
    ids = people if isinstance(people, list) else list(people.values_list("pk", flat=True))
    return notify(ids, kind, source_key=key, title=title, url=url, group_key=GROUP)


def _time(at: datetime) -> str:
    return date_format(localtime(at), "j M, H:i e")
