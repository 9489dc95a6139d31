"""Headers of a mail that came in, as bytes nobody checked: cut, decoded, and read in bounded time."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from email.header import decode_header
from email.headerregistry import HeaderRegistry
from email.message import Message

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.\w-]{1,255}")
VALUES, VALUE = 10, 20_000  # headers of one name, characters of each
SENDER = 1000
WORDS = 2000
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
MACHINES = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@", "donotreply@", "do-not-reply@")
# Headers that only programs set.
AUTOMATIC = (
    "List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-Loop",
    "X-MS-Exchange-Inbox-Rules-Loop",
)  # fmt: skip
# How programs that answer for somebody who is away begin their subject, where they set no header.
AWAY = re.compile(
    r"^\W*(auto(matic|matische|matisch)?[ -]?(reply|response|antwort|answer)|out of (the )?office|abwesenheit"
    r"|r[ée]ponse automatique|respuesta autom[áa]tica|resposta autom[áa]tica|risposta automatica|automatisch antwoord"
    r"|undeliver|delivery status|mail delivery|returned mail)",
    re.I,
)
# The receiving mail server's word on whether the sender is who they say they are. A sender can write good news themselves.
FORGED = re.compile(r"\bdmarc\s*=\s*fail\b", re.I)
PROVEN = re.compile(r"\bdmarc\s*=\s*pass\b", re.I)
# Codecs that are no charsets: quadratic, or they make what no database takes.
NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"})
# What stands in quotes and brackets beside an address. Programs differ in which of two addresses they take, so two are none.
ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_registry = HeaderRegistry()


def raw_headers(message: Message, name: str) -> list[str]:
    """Return the values of a header as they stand, cut, without what no text holds."""
    found = (value for one, value in message.raw_items() if one.lower() == name.lower())
    return [clean(str(value)[:VALUE]) for _number, value in zip(range(VALUES), found, strict=False)]


def words(values: Iterable[str]) -> str:
    """Return the first value on one line, its encoded words decoded."""
    value = next(iter(values), "")[:WORDS]
    try:
        pieces = [
            one if isinstance(one, str) else decoded(one, charset or "utf-8")
            for one, charset in decode_header(value)
        ]
    except (ValueError, LookupError, TypeError):  # base64 or a charset that is none
        pieces = [value]
    return " ".join(clean("".join(pieces)).split())


def sole_address(values: list[str]) -> str:
    """Return the one address the values hold, in lower case; "" when there are several, or none that is well formed."""
    if len(values) != 1 or len(values[0]) > SENDER or ASIDE.sub("", values[0]).count("@") != 1:
        return ""
    try:
        found = [one.addr_spec.lower() for one in _registry("From", values[0]).addresses]  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - the parser of addresses trips over what nobody should send
        return ""
    return found[0] if len(found) == 1 and ADDRESS.fullmatch(found[0]) else ""


def automatic_header(message: Message, sender: str, subject: str) -> str:
    """Name the header that says no person wrote this, or not the one it names; "" when none does."""
    first = {
        name: next(iter(raw_headers(message, name)), "")
        for name in ("Auto-Submitted", "Precedence", "Return-Path")
    }
    submitted = first["Auto-Submitted"].strip().lower()
    if submitted and not submitted.startswith("no"):
        return "Auto-Submitted"
    if first["Precedence"].strip().lower() in BULK:
        return "Precedence"
    if found := next((name for name in AUTOMATIC if raw_headers(message, name)), ""):
        return found
    if message.get_content_type() in ("multipart/report", "message/delivery-status"):
        return "Content-Type"
    if raw_headers(message, "Return-Path") and first["Return-Path"].strip() in ("", "<>"):
        return "Return-Path"
    if AWAY.match(subject):
        return "Subject"
    return "From" if not sender or sender.startswith(MACHINES) else ""


def is_forged(message: Message) -> bool:
    """Say whether the mail server that took it in found that it does not come from whom it names."""
    return any(FORGED.search(value) for value in raw_headers(message, "Authentication-Results"))


def is_proven(message: Message) -> bool:
    """Say whether the receiving mail server believes the sender. Its header is the first; others may be forged."""
    return any(PROVEN.search(value) for value in raw_headers(message, "Authentication-Results")[:1])


def decoded(data: bytes, charset: str) -> str:
    """Return text in `charset`, or in UTF-8 when that is no charset."""
    try:
        codec = codecs.lookup(charset[:40])
        usable = codec._is_text_encoding and codec.name.replace("_", "-") not in NO_CHARSETS  # type: ignore[attr-defined]
        text = data.decode(codec.name if usable else "utf-8", "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    return clean(text)


def clean(text: str) -> str:
    """Return text a database takes: bytes that slipped through become what they were, or a mark; no NUL."""
    how = "replace" if _has_lone(text) else "surrogateescape"
    return text.encode("utf-8", how).decode("utf-8", "replace").replace("\x00", "")


def _has_lone(text: str) -> bool:
    """Say whether there is half a character that no bytes stand for."""
    return any("\ud800" <= char <= "\udfff" and not "\udc80" <= char <= "\udcff" for char in text)
