"""Reporting by members, guests and e-mail. Who reported is stored in `Reporter` only, never in the log."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from community.audit import record
from community.lib import ratelimit
from integrations.actions import announce
from integrations.events import REPORT_CREATED
from moderation import rules, validation
from moderation.actions.posts import set_post_hidden
from moderation.actions.threads import set_thread_hidden
from moderation.alerts import notify_of_report
from moderation.models import Complaint, Outcome, Report, Reporter
from moderation.models.reports import UPHELD
from moderation.report_targets import ReportTarget, current_target
from profiles.models import Profile
from profiles.restrictions import is_restricted, refusal_for

# What makes a reporter one in good standing.
STANDING_AGE = timedelta(days=7)
STANDING_CONTRIBUTIONS = 3
STANDING_WEIGHT = 0.5
# So many of them, from as many networks, hide a post until somebody has looked. Never one.
HIDE_AFTER = 3
GUEST_WEIGHT = 0.25
TRACK_RECORD = timedelta(days=365)
MEMBER_REPORTS_PER_HOUR, GUEST_REPORTS_PER_HOUR, ALL_GUEST_REPORTS_PER_HOUR = 30, 5, 100
HOUR = 3600


def file_report(
    reporter: Profile | None,
    target: ReportTarget,
    *,
    reason: str,
    note: str = "",
    email: str = "",
    address: str = "",
    limited: bool = True,
) -> Complaint:
    """Report `target` for a rule of the code of conduct. Again by the same person, it returns the first complaint.

    `address` is where the request came from: it is kept as a keyed digest. Raises PermissionDenied, ValidationError, TooMany.
    """
    rules.rule_named(reason)
    note = validation.clean(note, "note", validation.NOTE_LIMIT)
    if reporter is not None and (refusal := refusal_for(reporter)):
        raise PermissionDenied(refusal)
    if reporter is not None and reporter.pk == target.author.pk:
        raise PermissionDenied(_("You wrote this. You can edit or delete it."))
    network = network_of(address)
    if limited:
        _limit(reporter, network)
    with transaction.atomic():
        report = _report_on(target, reason)
        known = _known(report, reporter, network)
        if known is not None:
            return known
        return add_complaint(report, reporter, rule=reason, note=note, email=email, network=network)


def add_complaint(
    report: Report,
    reporter: Profile | None,
    *,
    rule: str,
    note: str,
    email: str = "",
    network: str = "",
    message_id: str | None = None,
) -> Complaint:
    """Add a complaint to a locked report, in the caller’s transaction. Hides the target when three trusted people reported it."""
    weight = weight_of(reporter)
    made = Complaint.objects.create(
        report=report, rule=rule, note=note, weight=weight,
        in_good_standing=in_good_standing(reporter, weight), message_id=message_id,
    )  # fmt: skip
    Reporter.objects.create(complaint=made, report=report, profile=reporter, email=email, network=network)
    report.report_count, report.weight = report.report_count + 1, report.weight + weight
    report.save(update_fields=["report_count", "weight"])
    if report.hidden_at is None and has_enough_reporters(report):
        _hide_until_review(report)
    if report.report_count == 1:
        notify_of_report(report)
        announce(REPORT_CREATED, _event_of(report), source_key=f"report.created:case:{report.pk}")
    record(
        "report.made",
        actor_id=None,
        target=f"case:{report.pk}",
        after={"about": report.source_key, "reports": report.report_count},
    )
    return made


def weight_of(reporter: Profile | None) -> float:
    """Return a reporter’s weight: the share of their reports upheld in the past year, with Laplace smoothing."""
    if reporter is None:
        return GUEST_WEIGHT
    since = timezone.now() - TRACK_RECORD
    decided = Reporter.objects.filter(profile=reporter, report__decided_at__gt=since)
    facts = decided.aggregate(all=Count("pk"), right=Count("pk", filter=Q(report__outcome__in=UPHELD)))
    return float((facts["right"] + 1) / (facts["all"] + 2))


def in_good_standing(reporter: Profile | None, weight: float) -> bool:
    """Return whether a complaint counts towards hiding: its reporter is not new, has posted, and was not mostly wrong."""
    if reporter is None or weight < STANDING_WEIGHT or is_restricted(reporter):
        return False
    old_enough = timezone.now() - reporter.created_at >= STANDING_AGE
    return old_enough and reporter.thread_count + reporter.reply_count >= STANDING_CONTRIBUTIONS


def network_of(address: str) -> str:
    """Return a keyed digest of a network address: enough to tell two apart, not to find one."""
    return salted_hmac("moderation.network", address, algorithm="sha256").hexdigest() if address else ""


def open_report(
    source_key: str, *, rule: str, title: str, url: str, excerpt: str, subject: Profile | None
) -> Report:
    """Return the open report of a target, locked; create it if needed. In the caller’s transaction."""
    locked = Report.objects.select_for_update(of=("self",)).filter(source_key=source_key, decided_at=None)
    found = locked.first()
    if found is None:
        try:
            with transaction.atomic():
                Report.objects.create(
                    source_key=source_key, rule=rule, title=title[:200], url=url[:300], excerpt=excerpt,
                    subject=subject, due_at=timezone.now() + rules.answer_within(rule),
                )  # fmt: skip
        except IntegrityError:  # somebody reported it a moment ago
            pass
        found = locked.get()
    _hasten(found, rule)
    return found


def _report_on(target: ReportTarget, rule: str) -> Report:
    return open_report(
        target.source_key,
        rule=rule,
        title=target.title,
        url=target.url,
        excerpt=target.excerpt,
        subject=target.author,
    )


def _hasten(report: Report, rule: str) -> None:
    """Move the deadline forward for a graver rule, never back."""
    due = timezone.now() + rules.answer_within(rule)
    if due < report.due_at:
        report.due_at = due
        report.save(update_fields=["due_at"])


def _known(report: Report, reporter: Profile | None, network: str) -> Complaint | None:
    rows = Reporter.objects.select_related("complaint").filter(report=report)
    if reporter is not None:
        rows = rows.filter(profile=reporter)
    elif network:
        rows = rows.filter(profile=None, network=network)
    else:
        return None
    known = rows.first()
    return known.complaint if known else None


def _limit(reporter: Profile | None, network: str) -> None:
    if reporter is not None:
        ratelimit.check("report", str(reporter.pk), limit=MEMBER_REPORTS_PER_HOUR, seconds=HOUR)
        return
    ratelimit.check("report-guest", network or "unknown", limit=GUEST_REPORTS_PER_HOUR, seconds=HOUR)
    ratelimit.check("report-guests", "all", limit=ALL_GUEST_REPORTS_PER_HOUR, seconds=HOUR)


def has_enough_reporters(report: Report) -> bool:
    """Return whether three people in good standing, from three networks, reported a text that was not dismissed before."""
    standing = Reporter.objects.filter(report=report, complaint__in_good_standing=True).exclude(network="")
    if standing.values("network").distinct().count() < HIDE_AFTER:
        return False
    kept = Report.objects.filter(source_key=report.source_key, outcome=Outcome.KEPT).order_by("-id").first()
    return kept is None or kept.excerpt != report.excerpt


def _hide_until_review(report: Report) -> None:
    target = current_target(report.source_key)
    if target is None or report.kind == "profile" or target.is_hidden:
        return
    why = _("Several people reported this. It is hidden until a moderator decides.")
    if target.post is not None:
        set_post_hidden(None, target.post, hidden=True, reason=why)
    elif target.thread is not None:
        set_thread_hidden(None, target.thread, hidden=True, reason=why)
    report.hidden_at = timezone.now()
    report.save(update_fields=["hidden_at"])


def _event_of(report: Report) -> dict[str, object]:
    url = f"{settings.SITE_URL}{report.get_absolute_url()}"
    return {
        "id": report.pk,
        "about": report.source_key,
        "reason": report.rule,
        "url": url,
        "due_at": report.due_at.isoformat(),
    }
