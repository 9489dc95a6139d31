"""What the unsubscribe links in the forum's e-mails turn off."""

from __future__ import annotations

from django.utils.translation import gettext as _

from forums.actions.subscriptions import set_topic_delivery, unsubscribe
from forums.models import Thread, Topic, TopicDelivery
from profiles.mail.unsubscribe import Scope, add_scope
from profiles.models import Profile


def register() -> None:
    """Add the scopes of threads and topics."""
    add_scope("thread", Scope(_describe_thread, _stop_thread))
    add_scope("topic", Scope(_describe_topic, _stop_topic))


def _describe_thread(pk: str) -> str | None:
    subject = (
        Thread.objects.filter(pk=int(pk), hidden_at=None, deleted_at=None)
        .values_list("subject", flat=True)
        .first()
    )
    return (
        _("E-mails about replies in “%(subject)s”") % {"subject": subject}
        if subject
        else _("E-mails about one thread")
    )


def _stop_thread(profile: Profile, pk: str) -> None:
    if (thread := Thread.objects.filter(pk=int(pk)).first()) is not None:
        unsubscribe(profile, thread)


def _describe_topic(pk: str) -> str | None:
    name = Topic.objects.filter(pk=int(pk)).values_list("name", flat=True).first()
    return _("E-mails about the topic %(name)s") % {"name": name} if name else None


def _stop_topic(profile: Profile, pk: str) -> None:
    if (topic := Topic.objects.filter(pk=int(pk)).first()) is not None:
        set_topic_delivery(profile, topic, TopicDelivery.NONE)
