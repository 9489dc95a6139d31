"""What admins do for somebody who misses mail: send one again, send to an address again."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit.actions import record
from community.lib.tasks import enqueue
from profiles.mail.preferences import restart_mail
from profiles.models import Delivery, DeliveryState, MailSettings, Profile
from profiles.models.mail import StopReason
from profiles.notifications import bulk_kinds
from profiles.permissions import is_admin
from profiles.tasks import send_bulk_mail, send_mail

NOT_SENT = (DeliveryState.FAILED, DeliveryState.SKIPPED)


def resend(actor: Profile | None, delivery: Delivery, *, reason: str = "") -> None:
    """Try a mail again that failed or was left out; what the person wants is looked at anew. Locks the row.

    Raises PermissionDenied, and ValidationError for what was sent: nobody gets a mail twice.
    """
    actor = _admin(actor)
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.state not in NOT_SENT:
            raise ValidationError(_("This e-mail was already sent or is being sent."))
        before = {"state": row.state, "reason": row.reason}
        row.state, row.reason, row.detail, row.claim, row.attempts = DeliveryState.QUEUED, "", "", "", 0
        row.sent_with, row.next_attempt_at = None, timezone.now()
        row.save(
            update_fields=["state", "reason", "detail", "claim", "attempts", "sent_with", "next_attempt_at"]
        )
        record("mail.resent", actor_id=actor.pk, target=f"delivery:{row.pk}", before=before, reason=reason)
        bulk = row.kind in bulk_kinds()
        enqueue(send_bulk_mail if bulk else send_mail, queue="bulk" if bulk else "mail")


def start_again(actor: Profile | None, row: MailSettings, *, reason: str = "") -> None:
    """Send to an address again that sent mail back or complained. Raises PermissionDenied."""
    actor = _admin(actor)
    with transaction.atomic():
        restart_mail(row.profile)
        record("mail.restarted", actor_id=actor.pk, target=f"profile:{row.profile_id}", reason=reason)


def start_all_again(actor: Profile | None, *, since: datetime, until: datetime, reason: str = "") -> int:
    """Send again to every address that was stopped from `since` until before `until` because mail came back.

    Who marked a mail as spam stays stopped. Returns how many. Raises PermissionDenied, ValidationError by
    field.
    """
    actor = _admin(actor)
    if until <= since:
        raise ValidationError({"until": _("Choose an end that is later than the start.")})
    with transaction.atomic():
        stopped = MailSettings.objects.filter(mail_stopped_reason=StopReason.BOUNCED)
        rows = stopped.filter(mail_stopped_at__gte=since, mail_stopped_at__lt=until)
        count = rows.update(mail_stopped_at=None, mail_stopped_reason="", bounce_score=0, bounced_at=None)
        span = {"since": since.isoformat(), "until": until.isoformat(), "count": count}
        record("mail.restarted", actor_id=actor.pk, target="mail:stopped", after=span, reason=reason)
    return count


def _admin(actor: Profile | None) -> Profile:
    if actor is None or not is_admin(actor):
        raise PermissionDenied(_("Only admins can do this."))
    return actor
