"""The reply address of an e-mail: it names one person and one thread, and is signed."""

from __future__ import annotations

import base64
import binascii
import hmac
import re

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

SIGNATURE_BYTES = 10
ID_BYTES = 6  # ids below 2**48
SALT = "forums.reply_address"


def reply_address(profile_id: int, thread_id: int) -> str | None:
    """Return where `profile_id` answers to `thread_id` by mail, or None where no mail is taken in.

    Letters and digits of one case only, because some mail programs change the case; at most 64 before the @.
    """
    if not settings.REPLY_ADDRESS:
        return None
    name, _at, host = settings.REPLY_ADDRESS.partition("@")
    ids = profile_id.to_bytes(ID_BYTES, "big") + thread_id.to_bytes(ID_BYTES, "big")
    token = base64.b32encode(ids + _signature(ids, settings.SECRET_KEY)).decode("ascii").lower().rstrip("=")
    return f"{name}+{token}@{host}"


def read_reply_address(address: str) -> tuple[int, int] | None:
    """Return (profile id, thread id) of an address of ours, or None for any other."""
    name, _at, host = address.lower().partition("@")
    base, _plus, token = name.partition("+")
    if not is_reply_address(f"{base}@{host}"):
        return None
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return None
    ids, signature = raw[: 2 * ID_BYTES], raw[2 * ID_BYTES :]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(signature, _signature(ids, key)) for key in keys):
        return None
    return int.from_bytes(ids[:ID_BYTES], "big"), int.from_bytes(ids[ID_BYTES:], "big")


def is_reply_address(address: str) -> bool:
    """Say whether mail to `address`, whatever stands after its plus, comes to us."""
    name, _at, host = address.lower().partition("@")
    return (
        bool(settings.REPLY_ADDRESS) and f"{name.partition('+')[0]}@{host}" == settings.REPLY_ADDRESS.lower()
    )


def reply_line() -> str:
    """Return the line above which a mail is answered. Every mail that can be answered begins with it."""
    return _("Write above this line and your reply is posted in the thread.")


def _signature(ids: bytes, key: str) -> bytes:
    return salted_hmac(SALT, ids, secret=key, algorithm="sha256").digest()[:SIGNATURE_BYTES]


def hide_tokens(text: str) -> str:
    """Remove reply addresses and unsubscribe links from a text that may quote our e-mails: whoever has them
    could use them.
    """
    name, _at, host = settings.REPLY_ADDRESS.partition("@")
    if name:
        text = re.sub(
            rf"{re.escape(name)}\+[a-z0-9]+@{re.escape(host)}", settings.REPLY_ADDRESS, text, flags=re.I
        )
    return re.sub(r"[^\s<>()\"']*/unsubscribe/[^\s<>()\"']+", "…", text)
