"""Sending mail: claim rows, hand the mails over one by one, note each at once.

Contract: a row is claimed (with a time at which the claim ends) and committed before anything is sent, and noted as sent
right after the server took it. A worker that dies in between leaves a claim that ends by itself; the sweep then sends the
same mail again under the same Message-ID. So nobody misses one, and at most one mail a death comes twice.
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

from profiles.emails import make_message, message_id, plain_letters
from profiles.models import (
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    MailSettings,
    NotificationPreference,
    ReturnKind,
    SkipReason,
)
from profiles.notifications import Letter, Made, Parcel, bulk_kinds, find_kind

logger = logging.getLogger(__name__)

BATCH = 50
# When a mail that could not be handed over is tried again; after the last it is given up.
RETRY_SECONDS = (60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
SERVER_DOWN_SECONDS = 60

CLAIM_LEADS = """
UPDATE profiles_delivery d SET state = 'claimed', claim = %s, attempts = d.attempts + 1, next_attempt_at = %s, message_id = x.name
FROM unnest(%s::bigint[], %s::text[]) AS x (id, name) WHERE d.id = x.id"""
CLAIM_PARTS = """
UPDATE profiles_delivery part SET sent_with_id = lead.id, state = 'claimed', claim = lead.claim, next_attempt_at = NULL
FROM profiles_delivery lead
WHERE lead.id = ANY(%s) AND part.profile_id = lead.profile_id AND part.group_key = lead.group_key AND lead.group_key <> ''
  AND part.kind = lead.kind AND part.state = 'queued' AND part.id <> lead.id"""


class ServerDown(Exception):
    """The mail server does not answer: no mail of the batch can go now."""


def send_due(
    *, bulk: bool | None = None, seconds: float = float("inf"), on_mail: Callable[[str], None] | None = None
) -> Counter[str]:
    """Send every mail that is due until none is left or `seconds` are over; `bulk` picks one of the two queues' kinds.

    Calls `on_mail(state)` after each. Returns how many ended in which state.
    """
    ended: Counter[str] = Counter()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and (parcels := claim_due(bulk=bulk)):
        try:
            for state in send_parcels(parcels):
                ended[state] += 1
                if on_mail:
                    on_mail(state)
        except ServerDown:
            break
    return ended


def claim_due(*, bulk: bool | None = None, limit: int = BATCH) -> list[Parcel]:
    """Take mails that are due, each once however many workers ask; what waits in the same group goes along."""
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
            cursor.execute(CLAIM_LEADS, [token, now + timedelta(seconds=settings.MAIL_CLAIM_SECONDS), ids, names])
            cursor.execute(CLAIM_PARTS, [ids])
    return _parcels(leads)


def send_parcels(parcels: Sequence[Parcel]) -> Iterable[str]:
    """Make and send claimed mails over one connection; yields the state each ended in. Raises ServerDown."""
    ends = time.monotonic() + settings.MAIL_CLAIM_SECONDS * 0.75  # near the end of the claim another worker may take them
    addresses, made = _made(parcels)
    waiting, pause = list(parcels), 0
    mailer = get_connection()
    try:
        while waiting and time.monotonic() < ends:
            parcel = waiting[0]
            result = made[parcel.lead.pk]
            if isinstance(result, SkipReason):
                state = _note_skipped(parcel, result)
            else:
                state = _send(parcel, result, addresses[parcel.profile.pk], mailer)
            waiting.pop(0)
            yield state
    except ServerDown:
        pause = SERVER_DOWN_SECONDS
        raise
    finally:
        _close(mailer)
        release(waiting, pause=pause)


def release(parcels: Sequence[Parcel], *, pause: float = 0) -> None:
    """Give claimed mails back unsent, for whoever comes after `pause` seconds; the try does not count."""
    after = timezone.now() + timedelta(seconds=pause)
    for parcel in parcels:
        _mine(parcel.lead).update(state=DeliveryState.QUEUED, claim="", next_attempt_at=after, attempts=parcel.lead.attempts - 1)


def _one_a_group(found: Iterable[Delivery]) -> list[Delivery]:
    leads: dict[tuple[object, ...], Delivery] = {}
    for row in found:
        leads.setdefault((row.profile_id, row.kind, row.group_key or row.pk), row)
    return list(leads.values())


def _parcels(leads: Sequence[Delivery]) -> list[Parcel]:
    ids = [lead.pk for lead in leads]
    whole = {row.pk: row for row in Delivery.objects.filter(pk__in=ids).select_related("profile__user", "actor")}
    parts: dict[int, list[Delivery]] = defaultdict(list)
    for part in Delivery.objects.filter(sent_with__in=ids, state=DeliveryState.CLAIMED).select_related("actor").order_by("id"):
        parts[part.sent_with_id or 0].append(part)
    return [Parcel(whole[pk], [whole[pk], *parts[pk]], whole[pk].profile) for pk in ids if pk in whole]


def _made(parcels: Sequence[Parcel]) -> tuple[dict[int, str], dict[int, Made]]:
    """Return addresses by profile and what became of each mail; a constant number of queries a kind."""
    addresses, made = _sift(parcels)
    by_kind: dict[str, list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        if parcel.lead.pk not in made:
            by_kind[parcel.lead.kind].append(parcel)
    for key, ones in by_kind.items():
        kind = find_kind(key)
        compose = (kind.compose if kind else None) or plain_letters
        try:
            made.update(compose(ones) if kind else {one.lead.pk: SkipReason.BROKEN for one in ones})
        except Exception:
            logger.exception("The mails of kind %s could not be made.", key)
            made.update(_made_singly(compose, ones))
    return addresses, made


def _made_singly(compose: Callable[[Sequence[Parcel]], object], parcels: Sequence[Parcel]) -> dict[int, Made]:
    """One mail that cannot be made does not take its batch along."""
    made: dict[int, Made] = {}
    for parcel in parcels:
        try:
            made.update(compose([parcel]))  # type: ignore[call-overload]
        except Exception:
            logger.exception("Delivery %s could not be made.", parcel.lead.pk)
            made[parcel.lead.pk] = SkipReason.BROKEN
    return made


def _sift(parcels: Sequence[Parcel]) -> tuple[dict[int, str], dict[int, Made]]:
    """Return the verified addresses by profile, and the mails that must not go, with the reason."""
    users = {parcel.profile.user_id: parcel.profile.pk for parcel in parcels if parcel.profile.user_id}
    verified = EmailAddress.objects.filter(user__in=users, primary=True, verified=True)
    addresses = {users[user_id]: email for user_id, email in verified.values_list("user_id", "email")}
    profile_ids = [parcel.profile.pk for parcel in parcels]
    chosen = {row.profile_id: row for row in MailSettings.objects.filter(profile__in=profile_ids)}
    unwanted = set(NotificationPreference.objects.filter(profile__in=profile_ids, email=False).values_list("profile", "kind"))
    reasons = {}
    for parcel in parcels:
        reason = _why_not(parcel, addresses, chosen.get(parcel.profile.pk), unwanted)
        if reason is not None:
            reasons[parcel.lead.pk] = reason
    return addresses, reasons  # type: ignore[return-value]


def _why_not(
    parcel: Parcel, addresses: dict[int, str], chosen: MailSettings | None, unwanted: set[tuple[int, str]]
) -> SkipReason | None:
    profile, kind = parcel.profile, find_kind(parcel.lead.kind)
    fixed = kind is not None and kind.fixed
    suspended_too = kind is not None and kind.even_suspended
    if profile.user is None or (profile.deactivated_at is not None and not suspended_too):
        return SkipReason.NO_ADDRESS
    if not profile.user.is_active and not suspended_too:
        return SkipReason.SUSPENDED
    if profile.pk not in addresses:
        return SkipReason.UNVERIFIED
    if chosen is not None and chosen.mail_stopped_at is not None:
        return SkipReason.STOPPED
    if chosen is not None and chosen.paused_at is not None and not fixed:
        return SkipReason.PAUSED
    return SkipReason.PREFERENCE if (profile.pk, parcel.lead.kind) in unwanted and not fixed else None


def _send(parcel: Parcel, letter: Letter, address: str, mailer: BaseEmailBackend) -> str:
    message = make_message(parcel, letter, address, mailer)
    try:
        if getattr(mailer, "connection", True) is None:
            mailer.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server does not answer: %s", error)
        raise ServerDown from error
    try:
        mailer.send_messages([message])
    except Exception as error:  # noqa: BLE001 - every provider's client raises its own
        _close(mailer)
        return _note_failed(parcel, error)
    provider_id = str(getattr(getattr(message, "anymail_status", None), "message_id", None) or "")[:200]
    return _note_sent(parcel, letter, provider_id)


def _note_sent(parcel: Parcel, letter: Letter, provider_id: str) -> str:
    for pk, reason in letter.left_out.items():
        gone = Delivery.objects.filter(pk=pk, state=DeliveryState.CLAIMED)
        gone.update(state=DeliveryState.SKIPPED, reason=reason, claim="", next_attempt_at=None)
    values = {"state": DeliveryState.SENT, "reason": "", "detail": "", "claim": "", "next_attempt_at": None}
    _all_mine(parcel).update(**values, sent_at=timezone.now(), provider_id=provider_id)
    return DeliveryState.SENT


def _note_skipped(parcel: Parcel, reason: SkipReason) -> str:
    _all_mine(parcel).update(state=DeliveryState.SKIPPED, reason=reason, claim="", next_attempt_at=None)
    return DeliveryState.SKIPPED


def _note_failed(parcel: Parcel, error: Exception) -> str:
    """Try again later, or never when the server refuses the address itself."""
    tried, detail = parcel.lead.attempts, " ".join(str(error).split())[:300]
    refused = _is_refused_for_good(error)
    if refused or tried > len(RETRY_SECONDS):
        reason = SkipReason.REFUSED if refused else SkipReason.GAVE_UP
        values = {"state": DeliveryState.FAILED, "reason": reason, "detail": detail, "claim": "", "next_attempt_at": None}
        _all_mine(parcel).update(**values)
        if refused:
            _note_refusal(parcel, detail)
    else:
        again: datetime = timezone.now() + timedelta(seconds=RETRY_SECONDS[tried - 1])
        _mine(parcel.lead).update(state=DeliveryState.FAILED, detail=detail, claim="", next_attempt_at=again)
    return DeliveryState.FAILED


def _note_refusal(parcel: Parcel, detail: str) -> None:
    from profiles.actions.returns import note_return  # it tells people, and telling sends

    note_return(parcel.profile, ReturnKind.HARD, key=f"refused:{parcel.lead.pk}", delivery=parcel.lead, detail=detail)


def _is_refused_for_good(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _said in error.recipients.values())
    return type(error).__name__ == "AnymailRecipientsRefused"


def _mine(lead: Delivery) -> DeliveryQuerySet:
    """The lead's row, as long as the claim is still ours."""
    return Delivery.objects.filter(pk=lead.pk, claim=lead.claim)


def _all_mine(parcel: Parcel) -> DeliveryQuerySet:
    """The rows of a mail that wait to be noted, whoever's claim it is by now: what was handed over was handed over."""
    rows = [row.pk for row in parcel.rows]
    return Delivery.objects.filter(pk__in=rows, state=DeliveryState.CLAIMED)


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except (OSError, smtplib.SMTPException):
        mailer.connection = None
