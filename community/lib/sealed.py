"""Text that the database keeps but cannot read: sealed with CODES_KEY."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def seal(text: str) -> str:
    """Return `text` encrypted and authenticated (Fernet: AES-128-CBC and HMAC-SHA256)."""
    return _fernet(settings.CODES_KEY).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises cryptography.fernet.InvalidToken when it is not ours or was touched."""
    return _fernet(settings.CODES_KEY).decrypt(sealed.encode("ascii")).decode()


@cache
def _fernet(key: str) -> Fernet:
    if not key:
        raise ImproperlyConfigured("Set CODES_KEY (or CODES_KEY_FILE): it encrypts codes, addresses and second factors.")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
