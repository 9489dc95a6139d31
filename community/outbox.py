"""Local mode sends no e-mail: every message is written to a folder and shown at /outbox/."""

from __future__ import annotations

import email
import email.policy
import os
import time
import uuid
from collections.abc import Sequence
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

PER_PAGE = 25
KEPT = 1000


class OutboxBackend(BaseEmailBackend):
    """Write each message as a file, whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder: Path = settings.OUTBOX_DIR
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # e-mails contain links that sign people in
        for message in email_messages:
            name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.eml"
            partial = folder / f".{name}"
            partial.write_bytes(message.message().as_bytes())
            os.replace(partial, folder / name)
        for old in _files()[KEPT:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def _files() -> list[Path]:
    folder: Path = settings.OUTBOX_DIR
    return sorted(folder.glob("[0-9]*.eml"), reverse=True) if folder.is_dir() else []


def _read(path: Path) -> ParsedMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def _find(name: str) -> ParsedMessage:
    path = next((path for path in _files() if path.stem == name), None)
    if path is None:
        raise Http404
    return _read(path)


def _part(message: ParsedMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


@require_safe
def outbox_list(request: HttpRequest) -> HttpResponse:
    """List every e-mail, newest first."""
    page = Paginator(_files(), PER_PAGE).get_page(request.GET.get("page"))
    mails = [
        {"name": path.stem, "subject": mail["Subject"], "to": mail["To"], "date": mail["Date"]}
        for path in page
        for mail in [_read(path)]
    ]
    return render(request, "outbox/list.html", {"page": page, "mails": mails})


@require_safe
def outbox_detail(request: HttpRequest, name: str) -> HttpResponse:
    """Show the headers and the text of one e-mail."""
    mail = _find(name)
    context = {
        "name": name,
        "mail": mail,
        "headers": list(mail.items()),
        "subject": mail["Subject"],
        "text": _part(mail, "plain"),
        "has_html": bool(_part(mail, "html")),
    }
    return render(request, "outbox/detail.html", context)


@require_safe
def outbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show the HTML part, sandboxed and without scripts, as mail programs do."""
    response = HttpResponse(_part(_find(name), "html"))
    response._csp_config = {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:", "'self'"],
        "sandbox": ["allow-popups"],
    }  # type: ignore[attr-defined]
    return response
