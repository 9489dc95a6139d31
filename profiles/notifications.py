"""Kinds of notification. Apps on the right add theirs in `AppConfig.ready`; `profiles` stores and delivers.

To notify members of something new:
1. Name the kind in your app's `notifications.py` and `add_kind(Kind("reply", _("Replies"), …))` in `ready`.
2. In the action, inside its transaction, call `profiles.actions.notifications.notify(ids, "reply", …)`.
The pages: `profiles.queries.unread_count`, `notifications_of`, `deliveries_of`; the verbs:
`profiles.actions.notifications` (read, dismiss), `profiles.mail.preferences` (what each member wants),
`profiles.mail.deliveries` (sending).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from profiles.models import Delivery, Profile, Role, SkipReason
from profiles.models.user import RANK

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class EmailBatch:
    """An e-mail to compose: its leading row, all its rows (the lead first), and the recipient."""

    lead: Delivery
    rows: Sequence[Delivery]
    profile: Profile


@dataclass(frozen=True)
class Email:
    """A composed e-mail.

    `scope` is what its unsubscribe link turns off ("thread:12", "kind:mention"), empty for none.

    `list_key` and `list_name` make the List-Id; `sender` stands before the site's own address; `thread_key`
    ("thread:12") keeps the e-mails of one thread together. `left_out` names rows of the batch that are not
    sent, with the reason.
    """

    subject: str
    text: str
    html: str
    scope: str
    list_key: str
    list_name: str
    sender: str = ""
    thread_key: str = ""
    left_out: Mapping[int, SkipReason] = field(default_factory=dict)


Composed = Email | SkipReason
# Makes many mails at once, so that a batch costs a constant number of queries. Keys of the answer: ids of the
# leads.
Composer = Callable[[Sequence[EmailBatch]], Mapping[int, Composed]]


@dataclass(frozen=True)
class Kind:
    """A kind of notification: its defaults, who may get it, and how its e-mail is composed (None: plain)."""

    key: str
    label: _StrOrPromise
    in_app: bool = True
    email: bool = True
    least_role: Role = Role.MEMBER
    # Decisions about the person: they cannot be turned off.
    fixed: bool = False
    # Also told to those whose account is suspended or closed: what was decided about them.
    even_suspended: bool = False
    # Kinds that only come as mail have no place in the notification centre.
    mail_only: bool = False
    # After one mail of a group, further ones wait so many seconds and go together.
    group_seconds: int = 0
    # The first mail of a group waits `group_seconds` as well, so that all of them are one mail.
    first_waits: bool = False
    # Long runs: sent from the bulk queue, so that they never hold up the others.
    bulk: bool = False
    compose: Composer | None = None


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    """Add a kind, in the order in which settings list them."""
    _kinds[kind.key] = kind


def kind_of(key: str) -> Kind:
    """Return a kind by its key. Raises KeyError."""
    return _kinds[key]


def find_kind(key: str) -> Kind | None:
    """Return a kind by its key, or None: a row may outlive its kind."""
    return _kinds.get(key)


def all_kinds() -> list[Kind]:
    """Return every kind, in the order they were added."""
    return list(_kinds.values())


def kinds_for(profile: Profile) -> list[Kind]:
    """Return the kinds `profile` may choose about, in the order they were added."""
    return [
        kind
        for kind in _kinds.values()
        if RANK[Role(profile.role)] >= RANK[kind.least_role] and not kind.fixed
    ]


def bulk_kinds() -> list[str]:
    """Return the keys of the kinds that are sent from the bulk queue."""
    return [kind.key for kind in _kinds.values() if kind.bulk]
