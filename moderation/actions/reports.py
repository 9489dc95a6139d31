"""Reporting: by members, by guests and by mail. Who reports is written into a sealed row and nowhere else, not into the log."""

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
from moderation import clauses, texts
from moderation.actions.posts import set_post_hidden
from moderation.actions.threads import set_thread_hidden
from moderation.alerts import notify_of_case
from moderation.models import Case, Outcome, Report, Reporter
from moderation.models.reports import UPHELD
from moderation.things import Thing, thing_now
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


def report(
    reporter: Profile | None,
    thing: Thing,
    *,
    reason: str,
    note: str = "",
    email: str = "",
    address: str = "",
    limited: bool = True,
) -> Report:
    """Report `thing` for a clause of the code of conduct; a second time by the same person is the first report again.

    `address` is where the request came from: it is kept as a keyed digest. Raises PermissionDenied, ValidationError, TooMany.
    """
    clauses.clause(reason)
    note = texts.clean(note, "note", texts.NOTE_LIMIT)
    if reporter is not None and (refusal := refusal_for(reporter)):
        raise PermissionDenied(refusal)
    if reporter is not None and reporter.pk == thing.author.pk:
        raise PermissionDenied(_("This is yours: you can edit or delete it."))
    network = network_of(address)
    if limited:
        _limit(reporter, network)
    with transaction.atomic():
        case = _open_case(thing, reason)
        known = _known(case, reporter, network)
        if known is not None:
            return known
        return add_report(case, reporter, clause=reason, note=note, email=email, network=network)


def add_report(
    case: Case,
    reporter: Profile | None,
    *,
    clause: str,
    note: str,
    email: str = "",
    network: str = "",
    message_id: str | None = None,
) -> Report:
    """Put a complaint to a locked case, in the caller's transaction; hides what three people in good standing reported."""
    weight = weight_of(reporter)
    made = Report.objects.create(
        case=case, clause=clause, note=note, weight=weight,
        in_good_standing=in_good_standing(reporter, weight), message_id=message_id,
    )  # fmt: skip
    Reporter.objects.create(report=made, case=case, profile=reporter, email=email, network=network)
    case.report_count, case.weight = case.report_count + 1, case.weight + weight
    case.save(update_fields=["report_count", "weight"])
    if case.hidden_at is None and has_enough_reporters(case):
        _hide_until_review(case)
    if case.report_count == 1:
        notify_of_case(case)
        announce(REPORT_CREATED, _told_outside(case), source_key=f"report.created:case:{case.pk}")
    record(
        "report.made",
        actor_id=None,
        target=f"case:{case.pk}",
        after={"about": case.source_key, "reports": case.report_count},
    )
    return made


def weight_of(reporter: Profile | None) -> float:
    """Return how much a report counts: the share of somebody's reports of the past year that were right, smoothed (Laplace)."""
    if reporter is None:
        return GUEST_WEIGHT
    since = timezone.now() - TRACK_RECORD
    decided = Reporter.objects.filter(profile=reporter, case__decided_at__gt=since)
    facts = decided.aggregate(all=Count("pk"), right=Count("pk", filter=Q(case__outcome__in=UPHELD)))
    return float((facts["right"] + 1) / (facts["all"] + 2))


def in_good_standing(reporter: Profile | None, weight: float) -> bool:
    """Say whether a report counts towards hiding: the account is not new, took part, and was not mostly wrong."""
    if reporter is None or weight < STANDING_WEIGHT or is_restricted(reporter):
        return False
    old_enough = timezone.now() - reporter.created_at >= STANDING_AGE
    return old_enough and reporter.thread_count + reporter.reply_count >= STANDING_CONTRIBUTIONS


def network_of(address: str) -> str:
    """Return a keyed digest of a network address: enough to tell two apart, not to find one."""
    return salted_hmac("moderation.network", address, algorithm="sha256").hexdigest() if address else ""


def open_case(
    source_key: str, *, clause: str, title: str, url: str, excerpt: str, subject: Profile | None
) -> Case:
    """Return the open case about a thing, locked, made when there is none. In the caller's transaction."""
    locked = Case.objects.select_for_update(of=("self",)).filter(source_key=source_key, decided_at=None)
    found = locked.first()
    if found is None:
        try:
            with transaction.atomic():
                Case.objects.create(
                    source_key=source_key, clause=clause, title=title[:200], url=url[:300], excerpt=excerpt,
                    subject=subject, due_at=timezone.now() + clauses.answer_within(clause),
                )  # fmt: skip
        except IntegrityError:  # somebody reported it a moment ago
            pass
        found = locked.get()
    _hasten(found, clause)
    return found


def _open_case(thing: Thing, clause: str) -> Case:
    return open_case(
        thing.source_key,
        clause=clause,
        title=thing.title,
        url=thing.url,
        excerpt=thing.excerpt,
        subject=thing.author,
    )


def _hasten(case: Case, clause: str) -> None:
    """A graver report on the same thing moves the clock forward, never back."""
    due = timezone.now() + clauses.answer_within(clause)
    if due < case.due_at:
        case.due_at = due
        case.save(update_fields=["due_at"])


def _known(case: Case, reporter: Profile | None, network: str) -> Report | None:
    rows = Reporter.objects.select_related("report").filter(case=case)
    if reporter is not None:
        rows = rows.filter(profile=reporter)
    elif network:
        rows = rows.filter(profile=None, network=network)
    else:
        return None
    known = rows.first()
    return known.report if known else None


def _limit(reporter: Profile | None, network: str) -> None:
    if reporter is not None:
        ratelimit.check("report", str(reporter.pk), limit=MEMBER_REPORTS_PER_HOUR, seconds=HOUR)
        return
    ratelimit.check("report-guest", network or "unknown", limit=GUEST_REPORTS_PER_HOUR, seconds=HOUR)
    ratelimit.check("report-guests", "all", limit=ALL_GUEST_REPORTS_PER_HOUR, seconds=HOUR)


def has_enough_reporters(case: Case) -> bool:
    """Say whether three people in good standing, from three networks, reported a text that nobody has looked at before."""
    standing = Reporter.objects.filter(case=case, report__in_good_standing=True).exclude(network="")
    if standing.values("network").distinct().count() < HIDE_AFTER:
        return False
    kept = Case.objects.filter(source_key=case.source_key, outcome=Outcome.KEPT).order_by("-id").first()
    return kept is None or kept.excerpt != case.excerpt


def _hide_until_review(case: Case) -> None:
    thing = thing_now(case.source_key)
    if thing is None or case.kind == "profile" or thing.is_hidden:
        return
    why = _("Several people reported it. It is hidden until a moderator has looked at it.")
    if thing.post is not None:
        set_post_hidden(None, thing.post, hidden=True, reason=why)
    elif thing.thread is not None:
        set_thread_hidden(None, thing.thread, hidden=True, reason=why)
    case.hidden_at = timezone.now()
    case.save(update_fields=["hidden_at"])


def _told_outside(case: Case) -> dict[str, object]:
    url = f"{settings.SITE_URL}{case.get_absolute_url()}"
    return {
        "id": case.pk,
        "about": case.source_key,
        "reason": case.clause,
        "url": url,
        "due_at": case.due_at.isoformat(),
    }
