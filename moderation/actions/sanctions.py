"""Give, lift and end sanctions. They apply from the member’s next request, on every channel.

Locks the report and what it is about (if there is one), the person's sanctions, the profiles in order of id, the account, and the
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
from moderation import rules, validation
from moderation.actions.decisions import close_report, lock_target, locked_report
from moderation.models import BANS, Content, Evidence, Kind, NoContact, Outcome, Report, Sanction
from moderation.models.sanctions import KINDS_RISING, digest_of_session, end_of_time
from moderation.permissions import require_authority_in, require_authority_over
from moderation.report_targets import current_target
from profiles.models import Profile, Role, User
from profiles.models.user import RANK

CORRECTION_DAYS, LONGEST_DAYS = 90, 730
EVIDENCE_LIMIT, APART_LIMIT, POSTS_PER_DAY_LIMIT = 10, 10, 100
DEFAULT_DAYS = {Kind.WARNING: 60, Kind.TEMPORARY_BAN: 14}


@dataclass(frozen=True)
class NewSanction:
    """A sanction to be given; `days` is its term, `apart` the profiles of its no-contact orders."""

    kind: str
    rule: str
    explanation: str
    days: int | None = None
    apart: Sequence[Profile] = ()
    posts_per_day: int | None = None
    content: str = Content.KEPT
    drop_votes: bool = False
    evidence: Sequence[str] = ()
    # Hide the reported post as well: only with a report.
    hide: bool = False
    # Why a milder sanction is skipped; the member reads it.
    skip_reason: str = ""


def draft(profile: Profile, wanted: NewSanction, *, report: Report | None = None) -> Sanction:
    """Return the checked sanction, unsaved, for the preview. Raises ValidationError by field."""
    if wanted.kind not in Kind.values:
        raise ValidationError({"kind": _("Choose a sanction.")})
    if wanted.hide and not can_hide(report):
        raise ValidationError({"hide": _("There is no reported post to hide.")})
    rules.rule_named(wanted.rule)
    explanation = validation.clean(
        wanted.explanation, "explanation", validation.EXPLANATION_LIMIT, required=True
    )
    _check_extras(profile, wanted)
    return Sanction(
        profile=profile, kind=wanted.kind, rule=wanted.rule, explanation=explanation, report=report, hides_reported=wanted.hide,
        skip_reason=_skip_reason(profile, wanted), starts_at=timezone.now(), ends_at=_end(wanted),
        posts_per_day=wanted.posts_per_day, content=wanted.content, drop_votes=wanted.drop_votes,
    )  # fmt: skip


def sanction(
    actor: Profile | None, profile: Profile, wanted: NewSanction, *, report: Report | None = None
) -> Sanction:
    """Give a sanction. A `report` is closed with it; `wanted.hide` also hides the reported post.

    Raises PermissionDenied, ValidationError by field, or Conflict when the report was decided meanwhile.
    """
    actor = require_authority_over(actor, profile)
    made = draft(profile, wanted, report=report)
    for other in wanted.apart:
        _refuse_above(actor, other)
    with transaction.atomic():
        if report is not None:
            report = locked_report(report.pk)
            require_authority_in(actor, report)
            if report.subject_id != profile.pk:
                raise ValidationError({"report": _("This report is about another member.")})
            lock_target(report)
        concerned = _lock_people({profile.pk, *(other.pk for other in wanted.apart)})
        made.given_by, made.report = actor, report
        if not made.is_ban:
            made.effects_at = made.starts_at
        made.save()
        Evidence.objects.bulk_create([_evidence(made, url) for url in wanted.evidence or evidence_of(report)])
        NoContact.objects.bulk_create([_no_contact(made, other) for other in wanted.apart])
        if made.is_ban:
            _close_account(made)
        for pk in concerned:
            refresh_restriction(pk)
        if report is not None:
            close_report(
                actor,
                report,
                outcome=Outcome.SANCTIONED,
                reason=made.explanation,
                hide=wanted.hide,
                given=made,
            )
        record(
            "sanction.given", actor_id=actor.pk, target=f"profile:{profile.pk}", reason=_logged_reason(made),
            after={
                "sanction": made.pk, "kind": made.kind, "clause": made.rule, "days": wanted.days, "content": made.content,
                "hides": made.key_of_reported,
            },
        )  # fmt: skip
        _queue_effects(made)
    profile.refresh_from_db(fields=["restricted_until", "deactivated_at"])
    return made


def lift_sanction(actor: Profile | None, given: Sanction, *, reason: str) -> Sanction:
    """Lift a sanction and undo what it did. Raises Conflict when it is no longer in force."""
    actor = require_authority_over(actor, given.profile)
    reason = validation.clean(reason, "reason", validation.REASON_LIMIT, required=True)
    with transaction.atomic():
        return lift(actor, given.pk, reason=reason)


def lift(actor: Profile | None, sanction_id: int, *, reason: str) -> Sanction:
    """Lift in the caller’s transaction; the caller checked permission. Raises Conflict when it is no longer in force."""
    given, concerned = _locked(sanction_id)
    if not given.is_in_force:
        raise Conflict(_("This sanction is no longer in force."), code="over")
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
    _queue_effects(given)
    return given


def end_ban(sanction_id: int) -> bool:
    """Reopen the account when a ban expires. Returns whether it did; safe to run twice."""
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
        _queue_effects(given, told=False)
    return True


def over_due() -> Iterable[int]:
    """Return expired bans whose account is still closed."""
    over = Sanction.objects.filter(
        kind=Kind.TEMPORARY_BAN, signed_out=True, lifted_at=None, ends_at__lte=timezone.now()
    )
    return over.order_by("ends_at").values_list("pk", flat=True)[:500]


def refresh_restriction(profile_id: int) -> None:
    """Save on the profile until when any sanction restricts it, so that other profiles cost no query."""
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


def can_hide(report: Report | None) -> bool:
    """Return whether a report is about an existing post or thread."""
    return (
        report is not None
        and report.kind in ("post", "thread")
        and current_target(report.source_key) is not None
    )


def evidence_of(report: Report | None) -> list[str]:
    """Return the default evidence: the URL of the reported page."""
    return [report.url] if report is not None and report.url else []


def next_kind(profile: Profile) -> Kind:
    """Return the suggested sanction: the one above the highest on the member’s record.

    A correction or a warning counts for its term, a ban for ever; a lifted sanction does not count.
    """
    counts = Q(kind__in=BANS) | Q(ends_at__gt=timezone.now())
    kinds = (
        Sanction.objects.filter(counts, profile=profile, lifted_at=None)
        .values_list("kind", flat=True)
        .distinct()
    )
    return KINDS_RISING[
        min(max((KINDS_RISING.index(Kind(kind)) + 1 for kind in kinds), default=0), len(KINDS_RISING) - 1)
    ]


def skipped_kinds(profile: Profile, kind: str) -> list[Kind]:
    """Return the milder sanctions that a sanction of this kind would skip."""
    return KINDS_RISING[KINDS_RISING.index(next_kind(profile)) : KINDS_RISING.index(Kind(kind))]


def _skip_reason(profile: Profile, wanted: NewSanction) -> str:
    skipped = skipped_kinds(profile, wanted.kind)
    if not skipped:
        return ""
    if not wanted.skip_reason.strip():
        names = ", ".join(str(kind.label) for kind in skipped)
        sentence = _("Explain why you skip a level (%(kinds)s). The member reads it.") % {"kinds": names}
        raise ValidationError({"skip_reason": sentence})
    return validation.clean(wanted.skip_reason, "skip_reason", validation.REASON_LIMIT, required=True)


def _logged_reason(given: Sanction) -> str:
    return f"{given.explanation}\n\n{given.skip_reason}".strip()


def _check_extras(profile: Profile, wanted: NewSanction) -> None:
    if wanted.kind in DEFAULT_DAYS and not 1 <= _days(wanted) <= LONGEST_DAYS:
        raise ValidationError({"days": _("Choose a term of 1 to %(days)d days.") % {"days": LONGEST_DAYS}})
    if wanted.kind not in BANS and (wanted.content != Content.KEPT or wanted.drop_votes):
        raise ValidationError({"content": _("Only a ban can hide or remove posts and upvotes.")})
    if wanted.kind != Kind.WARNING and (wanted.apart or wanted.posts_per_day is not None):
        raise ValidationError({"kind": _("No-contact orders and a limit of posts per day need a warning.")})
    if wanted.content not in Content.values:
        raise ValidationError({"content": _("Choose whether to keep, hide or remove their posts.")})
    if wanted.posts_per_day is not None and not 0 <= wanted.posts_per_day <= POSTS_PER_DAY_LIMIT:
        raise ValidationError(
            {"posts_per_day": _("Choose 0 to %(count)d posts per day.") % {"count": POSTS_PER_DAY_LIMIT}}
        )
    if len(wanted.apart) > APART_LIMIT or any(other.pk == profile.pk for other in wanted.apart):
        raise ValidationError({"apart": _("Name up to %(count)d other people.") % {"count": APART_LIMIT}})
    if len(wanted.evidence) > EVIDENCE_LIMIT:
        raise ValidationError({"evidence": _("Name up to %(count)d links.") % {"count": EVIDENCE_LIMIT}})
    for url in wanted.evidence:
        if not url.startswith(("/", "https://", "http://")) or len(url) > 500:
            raise ValidationError({"evidence": _("Enter one URL per line.")})


def _end(wanted: NewSanction) -> datetime | None:
    if wanted.kind == Kind.PERMANENT_BAN:
        return None
    return timezone.now() + timedelta(
        days=CORRECTION_DAYS if wanted.kind == Kind.CORRECTION else _days(wanted)
    )


def _days(wanted: NewSanction) -> int:
    return DEFAULT_DAYS[Kind(wanted.kind)] if wanted.days is None else wanted.days


def _refuse_above(actor: Profile, other: Profile) -> None:
    if RANK[Role(other.role)] > RANK[Role(actor.role)]:
        raise PermissionDenied(_("%(name)s has a higher role than you. Ask an admin.") % {"name": other.name})


def _evidence(given: Sanction, url: str) -> Evidence:
    title = (
        given.report.title if given.report and url.removeprefix(settings.SITE_URL) == given.report.url else ""
    )
    return Evidence(sanction=given, url=validation.clean(url, "evidence", 500), title=title)


def _no_contact(given: Sanction, other: Profile) -> NoContact:
    one, two = sorted((given.profile_id, other.pk))
    return NoContact(sanction=given, one_id=one, other_id=two, ends_at=given.ends_at or end_of_time())


def _locked(sanction_id: int) -> tuple[Sanction, list[int]]:
    """Lock the member’s sanctions that are not lifted, then all people concerned. Returns the sanction and their ids."""
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
    """Reopen the account, unless another ban is in force (which reopens it later) or it was closed for another reason."""
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


def _queue_effects(given: Sanction, *, told: bool = True) -> None:
    """Queue effects and notifications; the sweep finds in the rows what the broker lost."""
    from moderation.tasks import notify_sanction, settle_effects

    tasks: list[Any] = [settle_effects] if given.effects_at is None else []
    for task in [*tasks, *([notify_sanction] if told else [])]:
        enqueue(task, given.pk, queue="mail" if task is notify_sanction else "bulk")
