"""Profiles with a handle of their own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from community.lib.lookalikes import skeleton
from profiles.models import Profile
from profiles.models.profile import TONES
from profiles.names import handle_base

COUNTED_TRIES = 3
RANDOM_TRIES = 20


def make_profile(name: str, *, kept: frozenset[str] = frozenset(), **fields: Any) -> Profile:
    """Create a profile with a free handle; two people of one name at one moment both get theirs.

    Handles whose skeleton is in `kept` are passed over. The unique index decides: each try is a savepoint,
    and one that loses takes the next handle.
    """
    for handle in _candidates(handle_base(name)):
        if (
            "".join(skeleton(handle)) in kept
            or Profile.objects.alias(plain=Lower("handle")).filter(plain=handle).exists()
        ):
            continue
        try:
            with transaction.atomic():
                return Profile.objects.create(
                    name=name, handle=handle, tone=random.randint(1, TONES), **fields
                )
        except IntegrityError as error:
            if "profile_handle_once" not in str(error):
                raise
    raise RuntimeError(f"No free handle for {handle_base(name)!r}.")


def _candidates(base: str) -> Iterator[str]:
    """Yield ada, ada-2, ada-3, then longer and longer random endings; `member` alone is never a handle."""
    if base != "member":
        yield base
        yield from (f"{base}-{number}" for number in range(2, 2 + COUNTED_TRIES))
    for attempt in range(RANDOM_TRIES):
        yield f"{base}-{random.randrange(10 ** min(3 + attempt // 2, 9)) + 1}"
