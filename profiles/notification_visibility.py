"""Hide title and URL of notifications and e-mails about content the member may no longer see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.utils.translation import gettext as _

from profiles.models import Delivery, Notification, Profile
from profiles.notifications import find_kind

Row = TypeVar("Row", Notification, Delivery)
# Returns those of the ids that the member may not see.
HiddenIds = Callable[[Profile, set[int]], set[int]]
_hidden_ids: dict[str, HiddenIds] = {}


def register_visibility(kind: str, hidden_ids: HiddenIds) -> None:
    """Set how to find what a member may not see of a kind of source ("post", as in "post:998")."""
    _hidden_ids[kind] = hidden_ids


def veiled(found: Iterable[Row], viewer: Profile) -> list[Row]:
    """Return the rows, without title and URL where `viewer` may not see the content.

    One query per kind of source.

    Decisions about the member keep their title: they are about the member's own content.
    """
    rows = list(found)
    about = {row.pk: _about(row) for row in rows}
    kept: dict[str, set[int]] = {}
    for kind, hidden_ids in _hidden_ids.items():
        ids = {pk for known in about.values() if known and known[0] == kind for pk in [known[1]]}
        if ids:
            kept[kind] = hidden_ids(viewer, ids)
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
        kind not in _hidden_ids
        or not (number.isascii() and number.isdecimal())
        or (told is not None and told.fixed)
    ):
        return None
    return kind, int(number)
