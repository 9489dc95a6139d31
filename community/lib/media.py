"""Files people give us, stored under random names: whole, or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage


def store(name: str, content: File[Any]) -> str:
    """Store `content` under `name`, which nothing else has, and return the name. A failure leaves no part of the file."""
    try:
        return default_storage.save(name, content)
    except BaseException:
        with suppress(OSError):
            default_storage.delete(name)
        raise
