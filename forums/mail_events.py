"""E-mails the mail provider delivers to us."""

from __future__ import annotations

from typing import Any

from anymail.signals import AnymailInboundEvent

from community.lib.incoming import read_message
from forums.actions.received_mail import receive_mail


def take_in(sender: object, event: AnymailInboundEvent, esp_name: str, **kwargs: Any) -> None:
    """Take in the mail of an event.

    What is raised here is answered with 500, and the provider brings the mail again.
    """
    message = event.message
    to = (message.envelope_recipient,) if message.envelope_recipient else ()
    receive_mail(read_message(message, recipients=to, bounce=message.envelope_sender in ("", "<>")))
