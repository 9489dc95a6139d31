"""What a person wants to hear of, by which road, and when."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.models import MailSettings, NotificationPreference, Profile
from profiles.notifications import find_kind
from profiles.queries import mail_settings_of, wishes_of


def set_preference(
    profile: Profile, kind: str, *, in_app: bool | None = None, email: bool | None = None
) -> None:
    """Choose whether a kind is told in the house and by mail; None leaves it.

    Raises ValidationError, PermissionDenied.
    """
    about = find_kind(kind)
    if about is None:
        raise ValidationError({"kind": _("Choose a kind of notification from the list.")})
    if about.fixed:
        raise PermissionDenied(
            _("You can’t turn off notifications about decisions on your posts and account.")
        )
    chosen = {name: value for name, value in (("in_app", in_app), ("email", email)) if value is not None}
    defaults = {"in_app": about.in_app, "email": about.email, **chosen}
    NotificationPreference.objects.update_or_create(
        profile=profile, kind=kind, defaults=chosen, create_defaults=defaults
    )


def choose_mail(
    profile: Profile, *, kinds: Mapping[str, tuple[bool, bool]], hour: int, time_zone: str
) -> None:
    """Choose everything at once: of each kind whether in the house and by mail, and when the digest comes.

    Only what differs from what holds now is written. Raises ValidationError by field.
    """
    with transaction.atomic():
        now = mail_settings_of(profile)
        if (now.digest_hour, now.time_zone) != (hour, time_zone):
            set_digest_time(profile, hour=hour, time_zone=time_zone)
        for wish in wishes_of(profile):
            in_app, email = kinds.get(wish.kind.key, (wish.in_app, wish.email))
            if (in_app, email) != (wish.in_app, wish.email):
                set_preference(profile, wish.kind.key, in_app=in_app, email=email)


def set_digest_time(profile: Profile, *, hour: int, time_zone: str) -> MailSettings:
    """Choose the local hour of the digest; an empty zone is the site's. Raises ValidationError by field."""
    if not 0 <= hour <= 23:
        raise ValidationError({"digest_hour": _("Choose an hour from 0 to 23.")})
    if time_zone and time_zone not in available_timezones():
        raise ValidationError({"time_zone": _("Choose a time zone from the list.")})
    return _update(profile, digest_hour=hour, time_zone=time_zone)


def pause_mail(profile: Profile, *, paused: bool = True) -> MailSettings:
    """Send no mail at all, or send again; the letters of one's own account still come."""
    return _update(profile, paused_at=timezone.now() if paused else None)


def stop_mail(profile: Profile, reason: str) -> MailSettings:
    """Stop all mail to an address that sends it back or complains; keeps the first reason and time."""
    with transaction.atomic():
        row = MailSettings.objects.select_for_update().get_or_create(profile=profile)[0]
        if row.mail_stopped_at is None:
            row.mail_stopped_at, row.mail_stopped_reason = timezone.now(), reason
            row.save(update_fields=["mail_stopped_at", "mail_stopped_reason"])
    return row


def restart_mail(profile: Profile) -> MailSettings:
    """Send mail to the address again, with a clean score."""
    return _update(profile, mail_stopped_at=None, mail_stopped_reason="", bounce_score=0, bounced_at=None)


def _update(profile: Profile, **values: object) -> MailSettings:
    return MailSettings.objects.update_or_create(profile=profile, defaults=values)[0]
