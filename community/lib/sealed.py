"""Text that the database keeps but cannot read: sealed with CODES_KEY, and with those before it until it is sealed anew."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def seal(text: str) -> str:
    """Return `text` encrypted and authenticated (Fernet: AES-128-CBC and HMAC-SHA256) with the key in force."""
    return _keys().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return what was sealed, with any of our keys.

    Raises cryptography.fernet.InvalidToken when it is not ours or was touched.
    """
    return _keys().decrypt(sealed.encode("ascii")).decode()


def fingerprint(text: str) -> str:
    """Return a keyed digest: the same text can be found again, and nobody without the key can guess at it."""
    return _digest(settings.CODES_KEY, text)


def fingerprints(text: str) -> list[str]:
    """Return the digests under every key we have, the one in force first."""
    return [_digest(key, text) for key in (settings.CODES_KEY, *settings.CODES_KEY_OLD)]


def _digest(key: str, text: str) -> str:
    return hmac.new(_bytes(key), b"fingerprint:" + text.encode(), hashlib.sha256).hexdigest()


def _keys() -> MultiFernet:
    return _multi(settings.CODES_KEY, tuple(settings.CODES_KEY_OLD))


@cache
def _multi(key: str, old: tuple[str, ...]) -> MultiFernet:
    if not key:
        raise ImproperlyConfigured(
            "Set CODES_KEY (or CODES_KEY_FILE): it encrypts codes, addresses and second factors."
        )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_bytes(one))) for one in (key, *old)])


def _bytes(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
