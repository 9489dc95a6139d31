"""Claim and decide reports, and reveal reporters. Locks the report first, then its target, the log last."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.errors import Conflict
from community.lib.tasks import enqueue
from forums.actions.changing import locked
from forums.models import Tag, Topic
from moderation import validation
from moderation.actions.posts import set_post_hidden
from moderation.actions.threads import set_thread_hidden
from moderation.alerts import close_alerts
from moderation.models import Effect, Outcome, Report, Reporter, RevealRequest, Sanction
from moderation.models.reports import DECISIONS
from moderation.permissions import require_authority_in, require_moderator
from moderation.report_targets import current_target
from profiles.models import Profile

CLAIM_LASTS = timedelta(hours=1)
# How long the two moderators can read the names; after that they request them again.
REVEALED_FOR = timedelta(hours=24)


def claim_report(actor: Profile | None, report: Report) -> Report:
    """Claim a report for an hour, or renew one’s claim. Raises Conflict when another moderator has it."""
    actor = require_authority_in(actor, report)
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=actor) | Q(claimed_until__lte=now)
    with transaction.atomic():
        taken = Report.objects.filter(free, pk=report.pk, decided_at=None).update(
            claimed_by=actor, claimed_until=now + CLAIM_LASTS
        )
        if taken and not (report.claim_holds and report.claimed_by_id == actor.pk):
            record("report.claimed", actor_id=actor.pk, target=f"case:{report.pk}")
    report.refresh_from_db()
    if not taken:
        _refuse_decided(report)
        raise Conflict(
            _("%(name)s is working on this report.") % {"name": report.claimed_by or _("Another moderator")},
            code="claimed",
        )
    return report


def release_report(actor: Profile | None, report: Report) -> Report:
    """Release one’s claim."""
    actor = require_moderator(actor)
    Report.objects.filter(pk=report.pk, claimed_by=actor).update(claimed_by=None, claimed_until=None)
    report.refresh_from_db()
    return report


def decide_report(actor: Profile | None, report: Report, *, outcome: str, reason: str) -> Report:
    """Close a report without a sanction. Only `hidden` hides the post; the others unhide what reports had hidden.

    `sanction` closes a report with one, by `close_report`. Raises Conflict when the report is already decided.
    """
    if outcome not in dict(DECISIONS):
        raise ValidationError({"outcome": _("Choose whether to dismiss or uphold the report.")})
    reason = validation.clean(reason, "reason", validation.REASON_LIMIT, required=True)
    with transaction.atomic():
        report = locked_report(report.pk)
        actor = require_authority_in(actor, report)
        close_report(actor, report, outcome=outcome, reason=reason, hide=outcome == Outcome.HIDDEN)
    return report


def locked_report(pk: int) -> Report:
    """Lock a report until the transaction ends. Raises Conflict when it is already decided."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=pk)
    _refuse_decided(report)
    return report


def lock_target(report: Report) -> None:
    """Lock what hiding the reported target will change, in the order of every action, before the caller locks people."""
    target = current_target(report.source_key)
    if target is None or target.thread is None:
        return
    thread = locked(target.thread.pk)
    list(Topic.objects.select_for_update(no_key=True).filter(pk=thread.topic_id).values_list("pk"))
    list(
        Tag.objects.select_for_update(no_key=True)
        .filter(name__in=thread.tag_names)
        .order_by("name")
        .values_list("pk")
    )


def close_report(
    actor: Profile, report: Report, *, outcome: str, reason: str, hide: bool, given: Sanction | None = None
) -> None:
    """Close a locked report in the caller’s transaction, with the sanction `given` or without. The caller checked permission."""
    report.decided_at, report.decided_by, report.outcome, report.reason = (
        timezone.now(),
        actor,
        outcome,
        reason,
    )
    report.save(update_fields=["decided_at", "decided_by", "outcome", "reason"])
    if hide:
        _hide_reported(actor, report, reason, given)
    else:
        _show_reported(actor, report, reason)
    close_alerts(f"case:{report.pk}")
    record(
        "report.decided", actor_id=actor.pk, target=f"case:{report.pk}",
        after={"about": report.source_key, "outcome": str(outcome)}, reason=reason,
    )  # fmt: skip
    from moderation.tasks import notify_report_decided

    enqueue(notify_report_decided, report.pk, queue="mail")


def request_reveal(actor: Profile | None, report: Report, *, reason: str) -> RevealRequest:
    """Request the reporters’ names, for a reason; another moderator approves. After it expired, a new request starts again."""
    actor = require_authority_in(actor, report)
    reason = validation.clean(reason, "reason", validation.REASON_LIMIT, required=True)
    with transaction.atomic():
        Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        found = RevealRequest.objects.filter(report=report).first()
        if found is not None and not _reveal_is_over(found):
            return found
        fresh = {
            "asked_by": actor,
            "asked_at": timezone.now(),
            "reason": reason,
            "opened_by": None,
            "opened_at": None,
        }
        asked, _made = RevealRequest.objects.update_or_create(report=report, defaults=fresh)
        record("seal.asked", actor_id=actor.pk, target=f"case:{report.pk}", reason=reason)
    return asked


def reveal_reporters(actor: Profile | None, report: Report) -> RevealRequest:
    """Approve another moderator’s request for the names. It is logged, and the reporters are notified."""
    actor = require_authority_in(actor, report)
    with transaction.atomic():
        asked = RevealRequest.objects.select_for_update(of=("self",)).filter(report=report).first()
        if asked is None or _reveal_is_over(asked):
            raise Conflict(_("No moderator has requested these names."), code="not_asked")
        if asked.asked_by_id == actor.pk:
            raise PermissionDenied(_("You requested the names, so another moderator has to approve."))
        if asked.opened_at is None:
            asked.opened_by, asked.opened_at = actor, timezone.now()
            asked.save(update_fields=["opened_by", "opened_at"])
            record(
                "seal.opened",
                actor_id=actor.pk,
                target=f"case:{report.pk}",
                after={"asked_by": asked.asked_by_id},
            )
            from moderation.tasks import notify_reporters_revealed

            enqueue(notify_reporters_revealed, report.pk, queue="mail")
    return asked


def revealed_reporters(viewer: Profile | None, report: Report) -> list[Reporter] | None:
    """Return the reporters to the two moderators who revealed them, for as long as that lasts; None otherwise."""
    asked = RevealRequest.objects.filter(report=report).first()
    if viewer is None or asked is None or asked.opened_at is None or _reveal_is_over(asked):
        return None
    if viewer.pk not in (asked.asked_by_id, asked.opened_by_id):
        return None
    return list(
        Reporter.objects.filter(report=report).select_related("profile", "complaint").order_by("complaint_id")
    )


def _reveal_is_over(asked: RevealRequest) -> bool:
    return asked.opened_at is not None and timezone.now() - asked.opened_at > REVEALED_FOR


def _refuse_decided(report: Report) -> None:
    if report.decided_at is not None:
        raise Conflict(_("This report is already decided."), code="decided")


def _hide_reported(actor: Profile, report: Report, reason: str, given: Sanction | None) -> None:
    """Hide the post or thread. Unless a moderator hid it before, lifting the sanction unhides it."""
    target = current_target(report.source_key)
    at = target and (target.post or target.thread)
    if target is None or at is None:
        return
    by_hand = (
        at.hidden_at
        and at.hidden_by_id
        and not Effect.objects.of_sanctions().filter(source_key=report.source_key).exists()
    )
    if target.post is not None:
        set_post_hidden(actor, target.post, hidden=True, reason=reason, quietly=True)
    elif target.thread is not None:
        set_thread_hidden(actor, target.thread, hidden=True, reason=reason, quietly=True)
    if at.hidden_at and at.hidden_by_id is None:  # hidden by reports until now
        type(at)._default_manager.filter(pk=at.pk).update(hidden_by=actor)
    if given is not None and not by_hand:
        Effect.objects.get_or_create(sanction=given, source_key=report.source_key)


def _show_reported(actor: Profile, report: Report, reason: str) -> None:
    """Unhide what the reports had hidden, never what a moderator hid."""
    target = current_target(report.source_key)
    at = target and (target.post or target.thread)
    if target is None or at is None or report.hidden_at is None or not at.hidden_at or at.hidden_by_id:
        return
    if target.post is not None:
        set_post_hidden(actor, target.post, hidden=False, reason=reason)
    elif target.thread is not None:
        set_thread_hidden(actor, target.thread, hidden=False, reason=reason)
