"""What the mail provider tells us of mails we sent: those that came back, and complaints."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from profiles.mail.preferences import pause_mail
from profiles.mail.returns import note_return
from profiles.models import Delivery, Profile
from profiles.models.bounce import ReturnKind

# What a refusal means for the next mail: these addresses will not take it either.
FOR_GOOD = frozenset({RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.UNSUBSCRIBED})
RETURNED = frozenset({EventType.BOUNCED, EventType.REJECTED})


def take_back(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Note what came back. What is raised here is answered with 500, and the provider tells us again."""
    if event.event_type not in (*RETURNED, EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        return
    profile, delivery = _whose(event)
    if profile is None:
        return
    if event.event_type == EventType.UNSUBSCRIBED:
        pause_mail(profile)
        return
    mail = event.message_id or event.event_id or str(event.timestamp)
    said = str(event.mta_response or event.description or "")
    kind = _kind(event)
    note_return(profile, kind, key=f"{esp_name}:{mail}:{profile.pk}:{kind}", delivery=delivery, detail=said)


def _kind(event: AnymailTrackingEvent) -> ReturnKind:
    if event.event_type == EventType.COMPLAINED:
        return ReturnKind.COMPLAINT
    return ReturnKind.HARD if event.reject_reason in FOR_GOOD else ReturnKind.SOFT


def _whose(event: AnymailTrackingEvent) -> tuple[Profile | None, Delivery | None]:
    """Return who has the address now, and the mail where we know it.

    An address somebody has left counts for nobody.
    """
    address, name = _clean(event.recipient).lower(), _clean(event.message_id)[:200]
    delivery = (
        Delivery.objects.filter(provider_id=name).select_related("profile").order_by("id").first()
        if name
        else None
    )
    if not address:
        return (delivery.profile if delivery else None), delivery
    found = EmailAddress.objects.filter(
        email=address, primary=True, user__profile__isnull=False
    ).select_related("user__profile")
    owner = found.first()
    profile = owner.user.profile if owner else None
    return profile, delivery if delivery is not None and delivery.profile_id == getattr(
        profile, "pk", None
    ) else None


def _clean(text: object) -> str:
    return str(text or "").replace("\x00", "").strip()
