"""Addresses of ours whose mail becomes no reply. Apps on the right add theirs in `ready`."""

from __future__ import annotations

from collections.abc import Callable

from community.lib.incoming import Incoming

# Takes in one mail, in the caller's transaction. Raises PermissionDenied, ValidationError or TooMany: the sender reads why.
Take = Callable[[Incoming], None]
_mailboxes: list[tuple[Callable[[], str], Take]] = []


def add_mailbox(address: Callable[[], str], take: Take) -> None:
    """Let `take` have the mail that comes to `address()`, which is empty where there is none."""
    _mailboxes.append((address, take))


def mailbox_for(mail: Incoming) -> Take | None:
    """Return who takes this mail, or None when it is meant as a reply."""
    return next(
        (take for address, take in _mailboxes if address() and address().lower() in mail.recipients), None
    )
