"""What a person was told of may be hidden from them since: then its title and its address are shown no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.utils.translation import gettext as _

from profiles.models import Delivery, Notification, Profile
from profiles.notifications import find_kind

Row = TypeVar("Row", Notification, Delivery)
# Returns those of the ids that are kept from the person.
Sight = Callable[[Profile, set[int]], set[int]]
_sights: dict[str, Sight] = {}


def register_visibility(kind: str, sight: Sight) -> None:
    """Say what of a kind of thing ("post", as in "post:998") is kept from a person."""
    _sights[kind] = sight


def veiled(found: Iterable[Row], viewer: Profile) -> list[Row]:
    """Return the rows, those about what `viewer` may not see without its words. One query for each kind of thing.

    Decisions about the person keep their words: they say what became of something of their own.
    """
    rows = list(found)
    about = {row.pk: _about(row) for row in rows}
    kept: dict[str, set[int]] = {}
    for kind, sight in _sights.items():
        ids = {pk for known in about.values() if known and known[0] == kind for pk in [known[1]]}
        if ids:
            kept[kind] = sight(viewer, ids)
    for row in rows:
        known = about[row.pk]
        if known and known[1] in kept[known[0]]:
            row.title, row.url = _("This content is no longer available"), "/community/notifications/"
    return rows


def _about(row: Notification | Delivery) -> tuple[str, int] | None:
    kind, _colon, rest = row.source_key.partition(":")
    number = rest.partition(":")[0]
    told = find_kind(row.kind)
    if (
        kind not in _sights
        or not (number.isascii() and number.isdecimal())
        or (told is not None and told.fixed)
    ):
        return None
    return kind, int(number)
