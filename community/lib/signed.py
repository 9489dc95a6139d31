"""Bytes kept outside, in Valkey: signed, so that nobody else's are ever read."""

from __future__ import annotations

import hashlib
import pickle
from functools import cache
from hmac import compare_digest
from typing import Any

from django.conf import settings

SIGNATURE_BYTES = 32


class NotSigned(ValueError):
    """These bytes were not signed by this site, or were changed."""


def sign(data: bytes, purpose: str) -> bytes:
    """Return `data` behind its signature, which is good for this purpose only."""
    return _signature(data, purpose) + data


def unsign(signed: bytes, purpose: str) -> bytes:
    """Return what `sign` was given. Raises NotSigned."""
    data = signed[SIGNATURE_BYTES:]
    if not compare_digest(signed[:SIGNATURE_BYTES], _signature(data, purpose)):
        raise NotSigned(purpose)
    return data


def _signature(data: bytes, purpose: str) -> bytes:
    digest = hashlib.blake2b(key=_key(settings.SECRET_KEY), digest_size=SIGNATURE_BYTES)
    digest.update(len(purpose).to_bytes(4, "big") + purpose.encode("utf-8", "surrogatepass"))
    digest.update(data)
    return digest.digest()


@cache
def _key(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=64, person=b"hearth.signed").digest()


class SignedSerializer:
    """How Django's cache keeps values in Valkey: numbers plainly, which `incr` needs, all else pickled and signed."""

    purpose = "cache"

    def dumps(self, value: Any) -> int | bytes:
        """Return what is stored for `value`."""
        if type(value) is int:
            return value
        return sign(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), self.purpose)

    def loads(self, stored: bytes) -> Any:
        """Return the value. Raises NotSigned before anything is unpickled."""
        try:
            return int(stored)
        except ValueError:
            return pickle.loads(unsign(stored, self.purpose))  # noqa: S301  (signed: this site's own bytes)
