"""Mails that come back lower a score.

At the limit nothing more is sent, and the person is told in the house.
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.actions.notifications import notify
from profiles.mail.preferences import stop_mail
from profiles.models import Delivery, MailReturn, MailSettings, Profile
from profiles.models.bounce import ReturnKind
from profiles.models.mail import StopReason

# Two addresses in three that bounced once for good never take mail again; a full mailbox may be emptied.
POINTS = {ReturnKind.HARD: 2, ReturnKind.SOFT: 1, ReturnKind.COMPLAINT: 4}
STOPS_AT = 4
FORGOTTEN_AFTER = timedelta(days=30)
STOPPED = "mail-stopped"  # the kind of notification
ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")


def note_return(
    profile: Profile, kind: ReturnKind, *, key: str, delivery: Delivery | None = None, detail: str = ""
) -> bool:
    """Note that a mail came back, once however often it is told; at the limit stop all mail.

    Returns whether it is new.
    """
    name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    said = ADDRESS.sub("…", " ".join(detail.replace("\x00", " ").split()))[:300]
    with transaction.atomic():
        values = {"profile": profile, "delivery": delivery, "kind": kind, "detail": said}
        row, is_new = MailReturn.objects.get_or_create(key=name, defaults=values)
        if is_new:
            _count(profile, row)
    return is_new


def _count(profile: Profile, row: MailReturn) -> None:
    MailSettings.objects.get_or_create(profile=profile)
    state = MailSettings.objects.select_for_update().get(profile=profile)
    if state.bounced_at is not None and timezone.now() - state.bounced_at > FORGOTTEN_AFTER:
        state.bounce_score = 0
    state.bounce_score = min(state.bounce_score + POINTS[ReturnKind(row.kind)], 100)
    state.bounced_at = timezone.now()
    state.save(update_fields=["bounce_score", "bounced_at"])
    if state.bounce_score < STOPS_AT or state.mail_stopped_at is not None:
        return
    complained = row.kind == ReturnKind.COMPLAINT
    stop_mail(profile, StopReason.COMPLAINED if complained else StopReason.BOUNCED)
    title = (
        _("We stopped sending you e-mails because one was marked as spam.")
        if complained
        else _("We stopped sending you e-mails because they bounced.")
    )
    notify([profile], STOPPED, source_key=f"mail-return:{row.pk}", title=title, url="/settings/mail/")
