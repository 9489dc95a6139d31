"""A mail server of our own: everything that is sent goes over a real connection and is read back as it came in."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from profiles.models import Delivery


class MailServer:
    """Takes mail on a free port; `raw` is what came over the wire.

    `refusal` is what it answers instead of taking any ("451 Later", "550 Nobody here"), `refusals` by
    recipient's name, `sender_refusal` to MAIL FROM, `data_refusal` to the message.
    """

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.raw: list[bytes] = []
        self.refusal = self.sender_refusal = self.data_refusal = ""
        self.refusals: dict[str, str] = {}
        self.tries: list[str] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_refusal:
            return self.sender_refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        name = address.partition("@")[0]
        self.tries.append(name)
        if refusal := self.refusals.get(name, self.refusal):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_refusal:
            return self.data_refusal
        parsed = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        self.raw.append(bytes(envelope.content or b""))
        self.mails.append((list(envelope.rcpt_tos), parsed))  # type: ignore[arg-type]
        return "250 OK"

    def start(self, port: int = 0) -> None:
        self._wanted = port
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def to(self, name: str) -> list[EmailMessage]:
        """Return what came in for name@example.com, in order."""
        return [mail for recipients, mail in self.mails if recipients == [f"{name}@example.com"]]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        listening = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(self, loop=self._loop), "127.0.0.1", self._wanted)
        )
        self.port = listening.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        listening.close()
        self._loop.close()


@pytest.fixture
def smtp(settings) -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    yield server
    server.stop()


def later(minutes: float = 6) -> None:
    """Let time pass for what waits or went out."""
    for row in Delivery.objects.all():
        row.next_attempt_at = row.next_attempt_at and row.next_attempt_at - timedelta(minutes=minutes)
        row.sent_at = row.sent_at and row.sent_at - timedelta(minutes=minutes)
        row.save()


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    return str(mail.get_body(("html",)).get_content()).replace("\r\n", "\n")
