"""Working through reports: claim, decide, open the seal. Locks the case first, then what it is about, the log last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.errors import Conflict
from community.lib.tasks import enqueue
from forums import counters
from forums.models import Tag, Topic
from moderation import texts
from moderation.actions.posts import set_post_hidden
from moderation.actions.threads import set_thread_hidden
from moderation.alerts import close_alerts
from moderation.models import Case, Effect, Outcome, Reporter, Sanction, SealRequest
from moderation.models.reports import DECISIONS
from moderation.permissions import require_authority_in, require_moderator
from moderation.things import thing_now
from profiles.models import Profile

CLAIM_LASTS = timedelta(hours=1)
BULK_LIMIT = 50
# Opened, the names can be read for so long; then the seal is asked for again.
SEAL_OPEN_FOR = timedelta(hours=24)


def claim_case(actor: Profile | None, case: Case) -> Case:
    """Take a case for an hour; one's own claim is renewed. Raises Conflict when somebody else has it."""
    actor = require_authority_in(actor, case)
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=actor) | Q(claimed_until__lte=now)
    with transaction.atomic():
        taken = Case.objects.filter(free, pk=case.pk, decided_at=None).update(
            claimed_by=actor, claimed_until=now + CLAIM_LASTS
        )
        if taken and not (case.claim_holds and case.claimed_by_id == actor.pk):
            record("report.claimed", actor_id=actor.pk, target=f"case:{case.pk}")
    case.refresh_from_db()
    if not taken:
        _refuse_decided(case)
        raise Conflict(_("%(name)s is on it.") % {"name": case.claimed_by or _("Somebody")}, code="claimed")
    return case


def release_case(actor: Profile | None, case: Case) -> Case:
    """Give a claimed case back."""
    actor = require_moderator(actor)
    Case.objects.filter(pk=case.pk, claimed_by=actor).update(claimed_by=None, claimed_until=None)
    case.refresh_from_db()
    return case


def decide_case(actor: Profile | None, case: Case, *, outcome: str, reason: str) -> Case:
    """Close a case without a sanction; only `hidden` hides the post, otherwise what reports had hidden is shown again.

    `sanction` closes a case with one, by `settle_case`. Raises Conflict when the case was decided meanwhile.
    """
    if outcome not in dict(DECISIONS):
        raise ValidationError({"outcome": _("Choose whether to dismiss or uphold the report.")})
    reason = texts.clean(reason, "reason", texts.REASON_LIMIT, required=True)
    with transaction.atomic():
        case = locked_case(case.pk)
        actor = require_authority_in(actor, case)
        settle_case(actor, case, outcome=outcome, reason=reason, hide=outcome == Outcome.HIDDEN)
    return case


def decide_cases(
    actor: Profile | None, cases: Iterable[Case], *, outcome: str, reason: str
) -> tuple[int, list[str]]:
    """Decide many, each in its own transaction. Returns how many went through, and why each other did not."""
    done, refused = 0, []
    for case in list(cases)[:BULK_LIMIT]:
        try:
            decide_case(actor, case, outcome=outcome, reason=reason)
            done += 1
        except (PermissionDenied, Conflict) as refusal:
            refused.append(f"{case.pk}: {refusal}")
    return done, refused


def locked_case(pk: int) -> Case:
    """Lock a case until the transaction ends. Raises Conflict when it is decided."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    _refuse_decided(case)
    return case


def hold_thing(case: Case) -> None:
    """Lock what hiding the reported thing will change, in the order of every action, before the caller locks people."""
    thing = thing_now(case.source_key)
    if thing is None or thing.thread is None:
        return
    thread = counters.locked(thing.thread.pk)
    list(Topic.objects.select_for_update(no_key=True).filter(pk=thread.topic_id).values_list("pk"))
    list(
        Tag.objects.select_for_update(no_key=True)
        .filter(name__in=thread.tag_names)
        .order_by("name")
        .values_list("pk")
    )


def settle_case(
    actor: Profile, case: Case, *, outcome: str, reason: str, hide: bool, given: Sanction | None = None
) -> None:
    """Close a locked case in the caller's transaction, `given` a sanction or without one; the caller has asked who may."""
    case.decided_at, case.decided_by, case.outcome, case.reason = timezone.now(), actor, outcome, reason
    case.save(update_fields=["decided_at", "decided_by", "outcome", "reason"])
    if hide:
        _hide_reported(actor, case, reason, given)
    else:
        _show_reported(actor, case, reason)
    close_alerts(f"case:{case.pk}")
    record(
        "report.decided", actor_id=actor.pk, target=f"case:{case.pk}",
        after={"about": case.source_key, "outcome": str(outcome)}, reason=reason,
    )  # fmt: skip
    from moderation.tasks import notify_report_decided

    enqueue(notify_report_decided, case.pk, queue="mail")


def ask_to_open(actor: Profile | None, case: Case, *, reason: str) -> SealRequest:
    """Ask to know who reported, with a reason: another moderator opens the seal. Asking again, once it closed, starts anew."""
    actor = require_authority_in(actor, case)
    reason = texts.clean(reason, "reason", texts.REASON_LIMIT, required=True)
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        found = SealRequest.objects.filter(case=case).first()
        if found is not None and not _seal_is_over(found):
            return found
        fresh = {
            "asked_by": actor,
            "asked_at": timezone.now(),
            "reason": reason,
            "opened_by": None,
            "opened_at": None,
        }
        asked, _made = SealRequest.objects.update_or_create(case=case, defaults=fresh)
        record("seal.asked", actor_id=actor.pk, target=f"case:{case.pk}", reason=reason)
    return asked


def open_seal(actor: Profile | None, case: Case) -> SealRequest:
    """Open the seal another moderator asked for. It is logged, and the reporters are told."""
    actor = require_authority_in(actor, case)
    with transaction.atomic():
        asked = SealRequest.objects.select_for_update(of=("self",)).filter(case=case).first()
        if asked is None or _seal_is_over(asked):
            raise Conflict(_("Nobody asks to open this seal."), code="not_asked")
        if asked.asked_by_id == actor.pk:
            raise PermissionDenied(_("You asked: another moderator opens the seal."))
        if asked.opened_at is None:
            asked.opened_by, asked.opened_at = actor, timezone.now()
            asked.save(update_fields=["opened_by", "opened_at"])
            record(
                "seal.opened",
                actor_id=actor.pk,
                target=f"case:{case.pk}",
                after={"asked_by": asked.asked_by_id},
            )
            from moderation.tasks import notify_reporters_revealed

            enqueue(notify_reporters_revealed, case.pk, queue="mail")
    return asked


def reporters_of(viewer: Profile | None, case: Case) -> list[Reporter] | None:
    """Return who reported, for the two who opened the seal and while it is open; None otherwise."""
    asked = SealRequest.objects.filter(case=case).first()
    if viewer is None or asked is None or asked.opened_at is None or _seal_is_over(asked):
        return None
    if viewer.pk not in (asked.asked_by_id, asked.opened_by_id):
        return None
    return list(Reporter.objects.filter(case=case).select_related("profile", "report").order_by("report_id"))


def _seal_is_over(asked: SealRequest) -> bool:
    return asked.opened_at is not None and timezone.now() - asked.opened_at > SEAL_OPEN_FOR


def _refuse_decided(case: Case) -> None:
    if case.decided_at is not None:
        raise Conflict(_("This was decided already."), code="decided")


def _hide_reported(actor: Profile, case: Case, reason: str, given: Sanction | None) -> None:
    """Hide the post or thread. What nobody had hidden by hand becomes an effect of the sanction, which lifting it undoes."""
    thing = thing_now(case.source_key)
    at = thing and (thing.post or thing.thread)
    if thing is None or at is None:
        return
    by_hand = (
        at.hidden_at
        and at.hidden_by_id
        and not Effect.objects.of_sanctions().filter(source_key=case.source_key).exists()
    )
    if thing.post is not None:
        set_post_hidden(actor, thing.post, hidden=True, reason=reason, quietly=True)
    elif thing.thread is not None:
        set_thread_hidden(actor, thing.thread, hidden=True, reason=reason, quietly=True)
    if at.hidden_at and at.hidden_by_id is None:  # hidden by reports until now
        type(at)._default_manager.filter(pk=at.pk).update(hidden_by=actor)
    if given is not None and not by_hand:
        Effect.objects.get_or_create(sanction=given, source_key=case.source_key)


def _show_reported(actor: Profile, case: Case, reason: str) -> None:
    """Show again what the reports had hidden, never what somebody hid by hand."""
    thing = thing_now(case.source_key)
    at = thing and (thing.post or thing.thread)
    if thing is None or at is None or case.hidden_at is None or not at.hidden_at or at.hidden_by_id:
        return
    if thing.post is not None:
        set_post_hidden(actor, thing.post, hidden=False, reason=reason)
    elif thing.thread is not None:
        set_thread_hidden(actor, thing.thread, hidden=False, reason=reason)
