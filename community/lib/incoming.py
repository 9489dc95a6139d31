"""A mail that came in, read into the few things we look at. Nothing in it is believed, nothing in it raises or takes long.

Python's parser of structured headers needs minutes for what fits into a mail, and recurses with its parts. So headers are
taken raw and cut, the sender alone is parsed strictly, and a mail that is nested or large beyond reason has only a head.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import islice

from community.lib.htmltext import text_of_html
from community.lib.mailheaders import (
    ADDRESS,
    automatic_header,
    decoded,
    is_forged,
    is_proven,
    raw_headers,
    sole_address,
    words,
)
from community.lib.mailtext import LONGEST, unflow

LARGEST = 30 * 1024 * 1024  # bytes of a mail that are read
HEAD_LARGEST = 256 * 1024
PARTS, BOUNDARIES = 200, 50
PICTURES = 10
SMALLEST_INLINE = 4 * 1024  # logos and pixels in signatures are smaller than what a person shows
HEAD_END = re.compile(rb"\r?\n\r?\n")
BOUNDARY = re.compile(rb"boundary\s*=|message/rfc822", re.I)
LARGE, BROKEN = "large", "broken"


@dataclass(frozen=True)
class Picture:
    name: str
    data: bytes


@dataclass(frozen=True)
class Incoming:
    """`key` is the same for the same mail sent twice; `automatic` names the header that says no person wrote it.

    `problem` says why only the head was read, `forged` that the receiving server does not believe the sender, `proven` that
    it does.
    """

    key: str
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    left_out: tuple[str, ...] = ()
    automatic: str = ""
    problem: str = ""
    forged: bool = False
    proven: bool = False


def read_mail(raw: bytes, *, recipients: tuple[str, ...] = ()) -> Incoming:
    """Read a mail as it came over the wire; `recipients` are those of the envelope, where the carrier told us."""
    problem = _problem(raw)
    try:
        if not problem:
            return read_message(message_from_bytes(raw, policy=policy.compat32), recipients=recipients)
    except RecursionError:
        problem = BROKEN
    head = BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:HEAD_LARGEST])
    head.set_payload("")
    return read_message(head, recipients=recipients, problem=problem)


def read_message(
    message: Message, *, recipients: tuple[str, ...] = (), bounce: bool = False, problem: str = ""
) -> Incoming:
    """Read a mail that is taken apart already; `bounce` when its envelope named no sender."""
    message_id = words(raw_headers(message, "Message-ID"))[:998]
    sender = sole_address(raw_headers(message, "From"))
    subject = words(raw_headers(message, "Subject"))[:300]
    try:
        parts = list(islice(message.walk(), PARTS))
    except RecursionError:
        parts, problem = [], problem or BROKEN
    text = _text(parts)
    pictures, left_out = _attachments(parts)
    named = (
        repr((message_id, sender))
        if message_id
        else repr((sender, words(raw_headers(message, "Date")), subject, text))
    )
    return Incoming(
        key=hashlib.sha256(named.encode("utf-8", "replace")).hexdigest(),
        message_id=message_id,
        sender=sender,
        recipients=tuple(
            dict.fromkeys(
                [*(one.lower() for one in recipients if ADDRESS.fullmatch(one)), *_recipients(message)]
            )
        ),
        subject=subject,
        text=text,
        pictures=pictures,
        left_out=left_out,
        automatic="Return-Path" if bounce else automatic_header(message, sender, subject),
        problem=problem,
        forged=is_forged(message),
        proven=is_proven(message),
    )


def _problem(raw: bytes) -> str:
    """Say why a mail is not worth taking apart."""
    if len(raw) > LARGEST:
        return LARGE
    if len(raw) > HEAD_LARGEST and HEAD_END.search(raw, 0, HEAD_LARGEST) is None:
        return BROKEN
    return BROKEN if next(islice(BOUNDARY.finditer(raw), BOUNDARIES, None), None) else ""


def _recipients(message: Message) -> list[str]:
    names = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
    return [
        one
        for name in names
        for value in raw_headers(message, name)
        for one in ADDRESS.findall(value.lower())
    ][:200]


def _text(parts: list[Message]) -> str:
    plain = _first(parts, "text/plain")
    if plain is not None and (text := _decoded(plain)).strip():
        flowed = str(plain.get_param("format") or "").lower() == "flowed"
        return unflow(text) if flowed else text
    html = _first(parts, "text/html")
    return text_of_html(_decoded(html)) if html is not None else ""


def _first(parts: list[Message], kind: str) -> Message | None:
    of_kind = (part for part in parts if part.get_content_type() == kind)
    return next((part for part in of_kind if part.get_content_disposition() != "attachment"), None)


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    return (
        decoded(data[: 4 * LONGEST], str(part.get_param("charset") or "utf-8"))
        if isinstance(data, bytes)
        else ""
    )


def _attachments(parts: list[Message]) -> tuple[tuple[Picture, ...], tuple[str, ...]]:
    """Return the pictures a person attached, and the names of the files we do not take."""
    pictures: list[Picture] = []
    left_out: list[str] = []
    for part in parts:
        if part.is_multipart() or (
            part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
        ):
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
        name = words([part.get_filename() or ""])
    except Exception:  # noqa: BLE001 - the parser of parameters trips over what nobody should send
        name = ""
    return "".join(char for char in name if char.isprintable() and char not in "[]()<>!`\\")[:80] or "picture"
