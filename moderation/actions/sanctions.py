"""The ladder: give a step, lift it, let it end. In force on the person's next request, on every channel.

Locks the case and what it is about (if there is one), the person's sanctions, the profiles in order of id, the account, and the
log last. What a ban does to posts and votes follows in `effects`, one by one, each in its own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.errors import Conflict
from community.lib.tasks import enqueue
from moderation import clauses, texts
from moderation.actions.cases import hold_thing, locked_case, settle_case
from moderation.models import BANS, Case, Content, Evidence, Kind, NoContact, Outcome, Sanction
from moderation.models.sanctions import RUNGS, digest_of_session, end_of_time
from moderation.permissions import require_authority_in, require_authority_over
from moderation.things import thing_now
from profiles.models import Profile, Role, User
from profiles.models.user import RANK

CORRECTION_DAYS, LONGEST_DAYS = 90, 730
EVIDENCE_LIMIT, APART_LIMIT, POSTS_PER_DAY_LIMIT = 10, 10, 100
DEFAULT_DAYS = {Kind.WARNING: 60, Kind.TEMPORARY_BAN: 14}


@dataclass(frozen=True)
class Step:
    """A sanction to be given; `days` is its term, `apart` the profiles of its no-contact orders."""

    kind: str
    clause: str
    explanation: str
    days: int | None = None
    apart: Sequence[Profile] = ()
    posts_per_day: int | None = None
    content: str = Content.KEPT
    drop_votes: bool = False
    evidence: Sequence[str] = ()
    # Hide the reported post as well: only with a report.
    hide: bool = False
    # Why an earlier step of the ladder is skipped; the person reads it.
    skip_reason: str = ""


def draft(profile: Profile, step: Step, *, case: Case | None = None) -> Sanction:
    """Return the sanction a step would make, unsaved: for the preview, and checked. Raises ValidationError by field."""
    if step.kind not in Kind.values:
        raise ValidationError({"kind": _("Choose a sanction.")})
    if step.hide and not can_hide(case):
        raise ValidationError({"hide": _("There is no reported post to hide.")})
    clauses.clause(step.clause)
    explanation = texts.clean(step.explanation, "explanation", texts.EXPLANATION_LIMIT, required=True)
    _check_extras(profile, step)
    return Sanction(
        profile=profile, kind=step.kind, clause=step.clause, explanation=explanation, case=case, hides_reported=step.hide,
        skip_reason=_skip_reason(profile, step), starts_at=timezone.now(), ends_at=_end(step),
        posts_per_day=step.posts_per_day, content=step.content, drop_votes=step.drop_votes,
    )  # fmt: skip


def sanction(actor: Profile | None, profile: Profile, step: Step, *, case: Case | None = None) -> Sanction:
    """Give a sanction. A `case` is closed with it; `step.hide` says whether the reported post is hidden.

    Raises PermissionDenied, ValidationError by field, or Conflict when the case was decided meanwhile.
    """
    actor = require_authority_over(actor, profile)
    made = draft(profile, step, case=case)
    for other in step.apart:
        _refuse_above(actor, other)
    with transaction.atomic():
        if case is not None:
            case = locked_case(case.pk)
            require_authority_in(actor, case)
            if case.subject_id != profile.pk:
                raise ValidationError({"case": _("That report is about somebody else.")})
            hold_thing(case)
        concerned = _lock_people({profile.pk, *(other.pk for other in step.apart)})
        made.given_by, made.case = actor, case
        if not made.is_ban:
            made.effects_at = made.starts_at
        made.save()
        Evidence.objects.bulk_create([_evidence(made, url) for url in step.evidence or evidence_of(case)])
        NoContact.objects.bulk_create([_no_contact(made, other) for other in step.apart])
        if made.is_ban:
            _close_account(made)
        for pk in concerned:
            refresh_restriction(pk)
        if case is not None:
            settle_case(
                actor, case, outcome=Outcome.SANCTIONED, reason=made.explanation, hide=step.hide, given=made
            )
        record(
            "sanction.given", actor_id=actor.pk, target=f"profile:{profile.pk}", reason=_logged_reason(made),
            after={
                "sanction": made.pk, "kind": made.kind, "clause": made.clause, "days": step.days, "content": made.content,
                "hides": made.key_of_reported,
            },
        )  # fmt: skip
        _follow(made)
    profile.refresh_from_db(fields=["restricted_until", "deactivated_at"])
    return made


def lift_sanction(actor: Profile | None, given: Sanction, *, reason: str) -> Sanction:
    """End a sanction before its time and undo what it did. Raises Conflict when it is over already."""
    actor = require_authority_over(actor, given.profile)
    reason = texts.clean(reason, "reason", texts.REASON_LIMIT, required=True)
    with transaction.atomic():
        return lift(actor, given.pk, reason=reason)


def lift(actor: Profile | None, sanction_id: int, *, reason: str) -> Sanction:
    """Lift in the caller's transaction, for an action that has asked who may. Raises Conflict when it is over."""
    given, concerned = _locked(sanction_id)
    if not given.is_in_force:
        raise Conflict(_("This is over already."), code="over")
    given.lifted_at, given.lifted_by, given.lift_reason = timezone.now(), actor, reason
    given.told_at, given.effects_at = None, None if given.is_ban or given.hides_reported else given.effects_at
    given.save(update_fields=["lifted_at", "lifted_by", "lift_reason", "told_at", "effects_at"])
    if given.is_ban:
        _open_account(given)
    for pk in concerned:
        refresh_restriction(pk)
    record(
        "sanction.lifted", actor_id=actor.pk if actor else None, target=f"profile:{given.profile_id}",
        before={"sanction": given.pk, "kind": given.kind}, reason=reason,
    )  # fmt: skip
    _follow(given)
    return given


def end_ban(sanction_id: int) -> bool:
    """Open the account again when a ban's time is over. Returns whether it did; safe to run twice."""
    with transaction.atomic():
        given, _concerned = _locked(sanction_id)
        if given.is_in_force or not given.signed_out or given.lifted_at is not None:
            return False
        given.effects_at = None
        given.save(update_fields=["effects_at"])
        _open_account(given)
        refresh_restriction(given.profile_id)
        record(
            "sanction.ended",
            actor_id=None,
            target=f"profile:{given.profile_id}",
            before={"sanction": given.pk},
        )
        _follow(given, told=False)
    return True


def over_due() -> Iterable[int]:
    """Return the bans whose time is over and whose account is still closed."""
    over = Sanction.objects.filter(
        kind=Kind.TEMPORARY_BAN, signed_out=True, lifted_at=None, ends_at__lte=timezone.now()
    )
    return over.order_by("ends_at").values_list("pk", flat=True)[:500]


def refresh_restriction(profile_id: int) -> None:
    """Note on the profile until when anything at all restricts it, so that nobody else is asked about it."""
    ends = [
        ends_at or end_of_time()
        for ends_at in Sanction.objects.in_force()
        .filter(profile_id=profile_id)
        .exclude(kind=Kind.CORRECTION)
        .values_list("ends_at", flat=True)
    ]
    pairs = NoContact.objects.in_force()
    for side in ("one", "other"):
        ends += pairs.filter(**{side: profile_id}).values_list("ends_at", flat=True)
    Profile.objects.filter(pk=profile_id).update(restricted_until=max(ends, default=None))


def can_hide(case: Case | None) -> bool:
    """Say whether a report is about a post or thread of ours, which can be hidden."""
    return case is not None and case.kind in ("post", "thread") and thing_now(case.source_key) is not None


def evidence_of(case: Case | None) -> list[str]:
    """Return what a sanction rests on when nothing else is named: the reported page."""
    return [case.url] if case is not None and case.url else []


def next_rung(profile: Profile) -> Kind:
    """Return the step of the ladder that comes next: the one above the highest on the person's record.

    A correction or a warning counts for its term, a ban for ever; a lifted sanction does not count.
    """
    counts = Q(kind__in=BANS) | Q(ends_at__gt=timezone.now())
    kinds = (
        Sanction.objects.filter(counts, profile=profile, lifted_at=None)
        .values_list("kind", flat=True)
        .distinct()
    )
    return RUNGS[min(max((RUNGS.index(Kind(kind)) + 1 for kind in kinds), default=0), len(RUNGS) - 1)]


def skipped_rungs(profile: Profile, kind: str) -> list[Kind]:
    """Return the steps of the ladder that a sanction of this kind would skip."""
    return RUNGS[RUNGS.index(next_rung(profile)) : RUNGS.index(Kind(kind))]


def _skip_reason(profile: Profile, step: Step) -> str:
    skipped = skipped_rungs(profile, step.kind)
    if not skipped:
        return ""
    if not step.skip_reason.strip():
        names = ", ".join(str(kind.label) for kind in skipped)
        sentence = _("Say why you skip a step (%(steps)s). The person reads it.") % {"steps": names}
        raise ValidationError({"skip_reason": sentence})
    return texts.clean(step.skip_reason, "skip_reason", texts.REASON_LIMIT, required=True)


def _logged_reason(given: Sanction) -> str:
    return f"{given.explanation}\n\n{given.skip_reason}".strip()


def _check_extras(profile: Profile, step: Step) -> None:
    if step.kind in DEFAULT_DAYS and not 1 <= _days(step) <= LONGEST_DAYS:
        raise ValidationError({"days": _("Choose a term of 1 to %(days)d days.") % {"days": LONGEST_DAYS}})
    if step.kind not in BANS and (step.content != Content.KEPT or step.drop_votes):
        raise ValidationError({"content": _("Only a ban takes away what somebody wrote or voted.")})
    if step.kind != Kind.WARNING and (step.apart or step.posts_per_day is not None):
        raise ValidationError({"kind": _("Keeping apart and a number of posts a day go with a warning.")})
    if step.content not in Content.values:
        raise ValidationError({"content": _("Choose what becomes of what they wrote.")})
    if step.posts_per_day is not None and not 0 <= step.posts_per_day <= POSTS_PER_DAY_LIMIT:
        raise ValidationError(
            {"posts_per_day": _("Choose 0 to %(count)d posts a day.") % {"count": POSTS_PER_DAY_LIMIT}}
        )
    if len(step.apart) > APART_LIMIT or any(other.pk == profile.pk for other in step.apart):
        raise ValidationError({"apart": _("Name up to %(count)d other people.") % {"count": APART_LIMIT}})
    if len(step.evidence) > EVIDENCE_LIMIT:
        raise ValidationError({"evidence": _("Name up to %(count)d links.") % {"count": EVIDENCE_LIMIT}})
    for url in step.evidence:
        if not url.startswith(("/", "https://", "http://")) or len(url) > 500:
            raise ValidationError({"evidence": _("Each line is the address of a page.")})


def _end(step: Step) -> datetime | None:
    if step.kind == Kind.PERMANENT_BAN:
        return None
    return timezone.now() + timedelta(days=CORRECTION_DAYS if step.kind == Kind.CORRECTION else _days(step))


def _days(step: Step) -> int:
    return DEFAULT_DAYS[Kind(step.kind)] if step.days is None else step.days


def _refuse_above(actor: Profile, other: Profile) -> None:
    if RANK[Role(other.role)] > RANK[Role(actor.role)]:
        raise PermissionDenied(_("%(name)s has a higher role than you: ask an admin.") % {"name": other.name})


def _evidence(given: Sanction, url: str) -> Evidence:
    title = given.case.title if given.case and url.removeprefix(settings.SITE_URL) == given.case.url else ""
    return Evidence(sanction=given, url=texts.clean(url, "evidence", 500), title=title)


def _no_contact(given: Sanction, other: Profile) -> NoContact:
    one, two = sorted((given.profile_id, other.pk))
    return NoContact(sanction=given, one_id=one, other_id=two, ends_at=given.ends_at or end_of_time())


def _locked(sanction_id: int) -> tuple[Sanction, list[int]]:
    """Lock every sanction of the person that is not lifted, then all people concerned. Returns the one, and their ids."""
    profile_id = Sanction.objects.values_list("profile_id", flat=True).get(pk=sanction_id)
    rows = Sanction.objects.select_for_update(of=("self",)).filter(
        Q(lifted_at=None) | Q(pk=sanction_id), profile=profile_id
    )
    given = next(row for row in rows.select_related("profile").order_by("pk") if row.pk == sanction_id)
    pairs = given.no_contacts.values_list("one_id", "other_id")
    return given, _lock_people({profile_id, *(pk for pair in pairs for pk in pair)})


def _lock_people(ids: set[int]) -> list[int]:
    rows = Profile.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    return [profile.pk for profile in rows]


def _close_account(given: Sanction) -> None:
    """Close the account and end its sessions: no cookie, key, link or sign-in opens it from the next request on."""
    user = User.objects.select_for_update(of=("self",)).filter(profile=given.profile_id).first()
    if user is None or not user.is_active:
        return
    User.objects.filter(pk=user.pk).update(is_active=False)
    sessions = list(UserSession.objects.filter(user=user))
    given.signed_out, given.ended_sessions = (
        True,
        [digest_of_session(session.session_key) for session in sessions],
    )
    given.save(update_fields=["signed_out", "ended_sessions"])
    for session in sessions:
        session.end()


def _open_account(given: Sanction) -> None:
    """Open the account, unless another ban holds or somebody else had closed it: then that ban opens it in its time."""
    if not given.signed_out:
        return
    Sanction.objects.filter(pk=given.pk).update(signed_out=False)
    given.signed_out = False
    heir = (
        Sanction.objects.in_force()
        .bans()
        .filter(profile=given.profile_id)
        .exclude(pk=given.pk)
        .order_by("pk")
        .first()
    )
    if heir is not None:
        Sanction.objects.filter(pk=heir.pk).update(signed_out=True)
        return
    User.objects.filter(profile=given.profile_id).update(is_active=True)


def _follow(given: Sanction, *, told: bool = True) -> None:
    """Tell the workers what follows; the sweep finds it in the rows when they do not hear."""
    from moderation.tasks import notify_sanction, settle_effects

    tasks: list[Any] = [settle_effects] if given.effects_at is None else []
    for task in [*tasks, *([notify_sanction] if told else [])]:
        enqueue(task, given.pk, queue="mail" if task is notify_sanction else "bulk")
