"""Send e-mails: claim rows, send them one by one, save the outcome of each at once.

Contract: a row is claimed (with a time at which the claim ends) and committed before anything is sent, and
noted as sent right after the server took it. A worker that dies in between leaves a claim that ends by
itself; the sweep then sends the same e-mail again under the same Message-ID. So none is lost, and a crash
repeats at most one.
"""

from __future__ import annotations

import logging
import smtplib
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone

from profiles.mail.emails import make_message, message_id, plain_emails
from profiles.mail.refusals import detail_of, is_dead_email
from profiles.models import (
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    MailReturn,
    MailSettings,
    NotificationPreference,
    ReturnKind,
    SkipReason,
)
from profiles.notifications import Composed, Email, EmailBatch, bulk_kinds, find_kind

logger = logging.getLogger(__name__)

BATCH = 50
# Delays before an e-mail that was not accepted is tried again; after the last it has failed.
RETRY_SECONDS = (60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
SERVER_DOWN_SECONDS = 60
# So many refused e-mails in a row are the server's fault, and the run ends.
TROUBLE_AFTER = 10
# So many refused recipients within an hour, and more than accepted e-mails, are the server's fault.
REFUSED_MANY = 5
RECENT = timedelta(hours=1)
RECENT_ROWS = 200

CLAIM_LEADS = """
UPDATE profiles_delivery d SET state = 'claimed', claim = %s, attempts = d.attempts + 1, next_attempt_at = %s, message_id = x.name
FROM unnest(%s::bigint[], %s::text[]) AS x (id, name) WHERE d.id = x.id"""
CLAIM_PARTS = """
UPDATE profiles_delivery part SET sent_with_id = lead.id, state = 'claimed', claim = lead.claim, next_attempt_at = NULL
FROM profiles_delivery lead
WHERE lead.id = ANY(%s) AND part.profile_id = lead.profile_id AND part.group_key = lead.group_key AND lead.group_key <> ''
  AND part.kind = lead.kind AND part.state = 'queued' AND part.id <> lead.id"""


class ServerDown(Exception):
    """The mail server doesn't answer or accepts nothing, so the batch waits.

    `reason` is shown in the e-mail history.
    """

    def __init__(self, error: Exception, reason: SkipReason) -> None:
        self.detail, self.reason = detail_of(error), reason
        super().__init__(self.detail)


def send_due(
    *, bulk: bool | None = None, seconds: float = float("inf"), on_mail: Callable[[str], None] | None = None
) -> Counter[str]:
    """Send every e-mail that is due until none is left or `seconds` are over.

    `bulk` picks one of the two queues' kinds.

    Calls `on_mail(state)` after each. Returns how many ended in which state.
    """
    ended: Counter[str] = Counter()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and (batches := claim_due(bulk=bulk)):
        try:
            for state in send_batches(batches):
                ended[state] += 1
                if on_mail:
                    on_mail(state)
        except ServerDown as trouble:
            _explain(trouble)
            break
    return ended


def claim_due(*, bulk: bool | None = None, limit: int = BATCH) -> list[EmailBatch]:
    """Claim due e-mails, each by one worker only, with what waits in the same group."""
    token, now = uuid.uuid4().hex, timezone.now()
    due = Delivery.objects.due()
    if bulk is not None:
        due = due.filter(kind__in=bulk_kinds()) if bulk else due.exclude(kind__in=bulk_kinds())
    with transaction.atomic():
        found = list(due.order_by("next_attempt_at", "id").select_for_update(skip_locked=True)[:limit])
        leads = _one_a_group(found)
        if not leads:
            return []
        ids, names = [lead.pk for lead in leads], [lead.message_id or message_id(lead) for lead in leads]
        with connection.cursor() as cursor:
            cursor.execute(
                CLAIM_LEADS, [token, now + timedelta(seconds=settings.MAIL_CLAIM_SECONDS), ids, names]
            )
            cursor.execute(CLAIM_PARTS, [ids])
    return _batches(leads)


def send_batches(batches: Sequence[EmailBatch]) -> Iterable[str]:
    """Compose and send claimed e-mails over one connection; yields the final state of each.

    Raises ServerDown.
    """
    ends = (
        time.monotonic() + settings.MAIL_CLAIM_SECONDS * 0.75
    )  # near the end of the claim another worker may take them
    emails, composed = compose_batches(batches)
    waiting, refused, taken, in_a_row = list(batches), [], 0, 0
    trouble: ServerDown | None = None
    mailer = get_connection()
    try:
        while waiting and time.monotonic() < ends:
            batch = waiting[0]
            result = composed[batch.lead.pk]
            if isinstance(result, SkipReason):
                waiting.pop(0)
                yield _note_skipped(batch, result)
                continue
            error = _send(batch, result, emails[batch.profile.pk], mailer)
            waiting.pop(0)
            if error is None:
                taken, in_a_row = taken + 1, 0
                yield DeliveryState.SENT
                continue
            in_a_row += 1
            if is_dead_email(error):
                refused.append((batch, error))
            else:
                _note_deferred(batch, error)
            yield DeliveryState.FAILED
            if in_a_row >= TROUBLE_AFTER:
                raise ServerDown(error, SkipReason.DEFERRED)
    except ServerDown as raised:
        trouble = raised
        raise
    finally:
        _close(mailer)
        _note_refused(refused, taken)
        release(waiting, trouble)


def release(batches: Sequence[EmailBatch], trouble: ServerDown | None = None) -> None:
    """Release claimed e-mails unsent; the attempt does not count.

    After `trouble` with the server they wait a minute.
    """
    after = timezone.now() + timedelta(seconds=SERVER_DOWN_SECONDS if trouble else 0)
    why = {"reason": trouble.reason, "detail": trouble.detail} if trouble else {}
    values = {"state": DeliveryState.QUEUED, "claim": "", "next_attempt_at": after, **why}
    for batch in batches:
        _mine(batch.lead).update(**values, attempts=batch.lead.attempts - 1)


def _explain(trouble: ServerDown) -> None:
    """Save why due e-mails still wait. Each row is written once, however long the server is down."""
    waiting = Delivery.objects.due().filter(state=DeliveryState.QUEUED).exclude(reason=trouble.reason)
    waiting.update(reason=trouble.reason, detail=trouble.detail)


def _one_a_group(found: Iterable[Delivery]) -> list[Delivery]:
    leads: dict[tuple[object, ...], Delivery] = {}
    for row in found:
        leads.setdefault((row.profile_id, row.kind, row.group_key or row.pk), row)
    return list(leads.values())


def _batches(leads: Sequence[Delivery]) -> list[EmailBatch]:
    ids = [lead.pk for lead in leads]
    whole = {
        row.pk: row for row in Delivery.objects.filter(pk__in=ids).select_related("profile__user", "actor")
    }
    parts: dict[int, list[Delivery]] = defaultdict(list)
    for part in (
        Delivery.objects.filter(sent_with__in=ids, state=DeliveryState.CLAIMED)
        .select_related("actor")
        .order_by("id")
    ):
        parts[part.sent_with_id or 0].append(part)
    return [EmailBatch(whole[pk], [whole[pk], *parts[pk]], whole[pk].profile) for pk in ids if pk in whole]


def compose_batches(batches: Sequence[EmailBatch]) -> tuple[dict[int, str], dict[int, Composed]]:
    """Return e-mail addresses by profile and each composed e-mail; a constant number of queries per kind."""
    emails, made = _sift(batches)
    by_kind: dict[str, list[EmailBatch]] = defaultdict(list)
    for batch in batches:
        if batch.lead.pk not in made:
            by_kind[batch.lead.kind].append(batch)
    for key, ones in by_kind.items():
        kind = find_kind(key)
        compose = (kind.compose if kind else None) or plain_emails
        try:
            made.update(compose(ones) if kind else {one.lead.pk: SkipReason.BROKEN for one in ones})
        except Exception:
            logger.exception("Could not compose the e-mails of kind %s.", key)
            made.update(_compose_singly(compose, ones))
    return emails, made


def _compose_singly(
    compose: Callable[[Sequence[EmailBatch]], object], batches: Sequence[EmailBatch]
) -> dict[int, Composed]:
    """Compose e-mails one by one, so one that fails does not stop its batch."""
    made: dict[int, Composed] = {}
    for batch in batches:
        try:
            made.update(compose([batch]))  # type: ignore[call-overload]
        except Exception:
            logger.exception("Could not compose delivery %s.", batch.lead.pk)
            made[batch.lead.pk] = SkipReason.BROKEN
    return made


def _sift(batches: Sequence[EmailBatch]) -> tuple[dict[int, str], dict[int, Composed]]:
    """Return the verified e-mail addresses by profile, and the reasons of those that must not be sent."""
    users = {batch.profile.user_id: batch.profile.pk for batch in batches if batch.profile.user_id}
    verified = EmailAddress.objects.filter(user__in=users, primary=True, verified=True)
    emails = {users[user_id]: email for user_id, email in verified.values_list("user_id", "email")}
    profile_ids = [batch.profile.pk for batch in batches]
    chosen = {row.profile_id: row for row in MailSettings.objects.filter(profile__in=profile_ids)}
    unwanted = set(
        NotificationPreference.objects.filter(profile__in=profile_ids, email=False).values_list(
            "profile", "kind"
        )
    )
    reasons = {}
    for batch in batches:
        reason = _why_not(batch, emails, chosen.get(batch.profile.pk), unwanted)
        if reason is not None:
            reasons[batch.lead.pk] = reason
    return emails, reasons  # type: ignore[return-value]


def _why_not(
    batch: EmailBatch, emails: dict[int, str], chosen: MailSettings | None, unwanted: set[tuple[int, str]]
) -> SkipReason | None:
    profile, kind = batch.profile, find_kind(batch.lead.kind)
    fixed = kind is not None and kind.fixed
    suspended_too = kind is not None and kind.even_suspended
    if profile.user is None or profile.is_bot or (profile.deactivated_at is not None and not suspended_too):
        return SkipReason.NO_ADDRESS
    if not profile.user.is_active and not suspended_too:
        return SkipReason.SUSPENDED
    if profile.pk not in emails:
        return SkipReason.UNVERIFIED
    if chosen is not None and chosen.mail_stopped_at is not None:
        return SkipReason.STOPPED
    if chosen is not None and chosen.paused_at is not None and not fixed:
        return SkipReason.PAUSED
    return SkipReason.PREFERENCE if (profile.pk, batch.lead.kind) in unwanted and not fixed else None


def _send(batch: EmailBatch, email: Email, recipient: str, mailer: BaseEmailBackend) -> Exception | None:
    """Send one e-mail and mark it as sent.

    Returns the error when the server refuses it; raises ServerDown.
    """
    message = make_message(batch, email, recipient, mailer)
    try:
        if getattr(mailer, "connection", True) is None:
            mailer.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server does not answer: %s", error)
        raise ServerDown(error, SkipReason.UNREACHABLE) from error
    try:
        mailer.send_messages([message])
    except Exception as error:  # noqa: BLE001 - every provider's client raises its own
        _close(mailer)
        return error
    provider_id = str(getattr(getattr(message, "anymail_status", None), "message_id", None) or "")[:200]
    _note_sent(batch, email, provider_id)
    return None


def _note_sent(batch: EmailBatch, email: Email, provider_id: str) -> None:
    for pk, reason in email.left_out.items():
        gone = Delivery.objects.filter(pk=pk, state=DeliveryState.CLAIMED)
        gone.update(state=DeliveryState.SKIPPED, reason=reason, claim="", next_attempt_at=None)
    values = {"state": DeliveryState.SENT, "reason": "", "detail": "", "claim": "", "next_attempt_at": None}
    _all_mine(batch).update(**values, sent_at=timezone.now(), provider_id=provider_id)


def _note_skipped(batch: EmailBatch, reason: SkipReason) -> str:
    _all_mine(batch).update(state=DeliveryState.SKIPPED, reason=reason, claim="", next_attempt_at=None)
    return DeliveryState.SKIPPED


def _note_deferred(batch: EmailBatch, error: Exception) -> None:
    """Schedule another attempt, or mark the e-mail as failed after the last one."""
    tried, detail = batch.lead.attempts, detail_of(error)
    if tried > len(RETRY_SECONDS):
        _note_failed(batch, SkipReason.GAVE_UP, detail)
        return
    again: datetime = timezone.now() + timedelta(seconds=RETRY_SECONDS[tried - 1])
    values = {"state": DeliveryState.FAILED, "reason": SkipReason.DEFERRED, "detail": detail, "claim": ""}
    _mine(batch.lead).update(**values, next_attempt_at=again)


def _note_failed(batch: EmailBatch, reason: SkipReason, detail: str) -> None:
    values = {
        "state": DeliveryState.FAILED,
        "reason": reason,
        "detail": detail,
        "claim": "",
        "next_attempt_at": None,
    }
    _all_mine(batch).update(**values)


def _note_refused(refused: Sequence[tuple[EmailBatch, Exception]], taken: int) -> None:
    """Save refused recipients as bounces, or schedule another attempt when the server refuses most e-mails."""
    from profiles.mail.returns import note_return  # it notifies people, and that sends

    if refused and _refuses_most(len(refused), taken):
        logger.warning("The mail server refuses most e-mail addresses: %s", detail_of(refused[0][1]))
        for batch, error in refused:
            _note_deferred(batch, error)
        return
    for batch, error in refused:
        detail = detail_of(error)
        _note_failed(batch, SkipReason.REFUSED, detail)
        note_return(
            batch.profile,
            ReturnKind.HARD,
            key=f"refused:{batch.lead.pk}",
            delivery=batch.lead,
            detail=detail,
        )


def _refuses_most(refused: int, taken: int) -> bool:
    """Return whether the server refused most mails of this batch and of the last hour."""
    since = timezone.now() - RECENT
    newest = Delivery.objects.order_by("-id").values_list("sent_at", flat=True)[:RECENT_ROWS]
    taken = max(taken, sum(1 for sent_at in newest if sent_at and sent_at > since))
    returned = MailReturn.objects.filter(kind=ReturnKind.HARD, delivery__isnull=False, happened_at__gt=since)
    refused += returned.count()
    return refused >= REFUSED_MANY and refused > taken


def _mine(lead: Delivery) -> DeliveryQuerySet:
    """Return the lead's row if the claim is still ours."""
    return Delivery.objects.filter(pk=lead.pk, claim=lead.claim)


def _all_mine(batch: EmailBatch) -> DeliveryQuerySet:
    """Return the rows of a sent e-mail, even when another worker has claimed them since."""
    rows = [row.pk for row in batch.rows]
    return Delivery.objects.filter(pk__in=rows, state=DeliveryState.CLAIMED)


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except (OSError, smtplib.SMTPException):
        mailer.connection = None
