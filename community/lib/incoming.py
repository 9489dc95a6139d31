"""A mail that came in, read into the few things we look at. Nothing in it is believed, and nothing in it raises."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from community.lib.mailtext import text_of_html, unflow

LARGEST = 30 * 1024 * 1024  # bytes of a mail that are read
PICTURES = 10
SMALLEST_INLINE = 4 * 1024  # logos and pixels in signatures are smaller than what a person shows
ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,255}")
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
MACHINES = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@", "donotreply@", "do-not-reply@")
# Headers that only programs set.
AUTOMATIC_HEADERS = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-Loop")


@dataclass(frozen=True)
class Picture:
    name: str
    data: bytes


@dataclass(frozen=True)
class Incoming:
    """`key` is the same for the same mail sent twice; `automatic` names the header that says no person wrote it."""

    key: str
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    pictures: tuple[Picture, ...] = ()
    left_out: tuple[str, ...] = ()
    automatic: str = ""


def read_mail(raw: bytes, *, recipients: tuple[str, ...] = ()) -> Incoming:
    """Read a mail as it came over the wire; `recipients` are those of the envelope, where the carrier told us."""
    return read_message(message_from_bytes(raw[:LARGEST], policy=policy.default), recipients=recipients)


def read_message(message: Message, *, recipients: tuple[str, ...] = (), bounce: bool = False) -> Incoming:
    """Read a mail that is taken apart already; `bounce` when its envelope named no sender."""
    message_id = _header(message, "Message-ID")[:998]
    senders = _addresses(message, "From")
    pictures, left_out = _attachments(message)
    text = _text(message)
    named = message_id or repr((senders, _header(message, "Date"), _header(message, "Subject"), text))
    return Incoming(
        key=hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest(),
        message_id=message_id,
        sender=senders[0] if len(senders) == 1 else "",
        recipients=tuple(dict.fromkeys([*map(str.lower, recipients), *_recipients(message)])),
        subject=" ".join(_header(message, "Subject").split())[:300],
        text=text,
        pictures=pictures,
        left_out=left_out,
        automatic="Return-Path" if bounce else _automatic(message, senders),
    )


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name) or "").strip()
    except Exception:  # noqa: BLE001 - the parser of structured headers trips over what nobody should send
        return ""


def _addresses(message: Message, name: str) -> list[str]:
    """Return the addresses of a header that is made of addresses; a header that is not well formed names nobody."""
    try:
        found = [one.addr_spec.lower() for header in message.get_all(name) or () for one in header.addresses]
    except Exception:  # noqa: BLE001 - as above
        return []
    return [address for address in found if ADDRESS.fullmatch(address)]


def _recipients(message: Message) -> list[str]:
    carriers = " ".join(_header(message, name) for name in ("Delivered-To", "X-Original-To", "Envelope-To"))
    return [*ADDRESS.findall(carriers.lower()), *_addresses(message, "To"), *_addresses(message, "Cc")][:50]


def _automatic(message: Message, senders: list[str]) -> str:
    submitted = _header(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return "Auto-Submitted"
    if _header(message, "Precedence").lower() in BULK:
        return "Precedence"
    if found := next((name for name in AUTOMATIC_HEADERS if message.get(name)), ""):
        return found
    if message.get_content_type() in ("multipart/report", "message/delivery-status"):
        return "Content-Type"
    if "Return-Path" in message and _header(message, "Return-Path") in ("", "<>"):
        return "Return-Path"
    return "From" if not senders or senders[0].startswith(MACHINES) else ""


def _text(message: Message) -> str:
    plain = _first(message, "text/plain")
    if plain is not None and (text := _decoded(plain)).strip():
        flowed = str(plain.get_param("format") or "").lower() == "flowed"
        return unflow(text) if flowed else text
    html = _first(message, "text/html")
    return text_of_html(_decoded(html)) if html is not None else ""


def _first(message: Message, kind: str) -> Message | None:
    parts = (part for part in message.walk() if part.get_content_type() == kind)
    return next((part for part in parts if part.get_content_disposition() != "attachment"), None)


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _attachments(message: Message) -> tuple[tuple[Picture, ...], tuple[str, ...]]:
    """Return the pictures a person attached, and the names of the files we do not take."""
    pictures: list[Picture] = []
    left_out: list[str] = []
    for part in message.walk():
        if part.is_multipart() or (part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"):
            continue
        name, data = _file_name(part), part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data:
            continue
        if part.get_content_maintype() != "image" or len(pictures) == PICTURES:
            left_out.append(name)
        elif part.get_content_disposition() == "attachment" or len(data) >= SMALLEST_INLINE:
            pictures.append(Picture(name, data))
    return tuple(pictures), tuple(left_out[:20])


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:  # noqa: BLE001 - as above
        name = ""
    return "".join(char for char in " ".join(name.split()) if char.isprintable() and char not in "[]()<>!`\\")[:80] or "picture"
