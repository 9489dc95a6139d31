"""E-mail addresses of ours whose mail becomes no reply. Apps on the right add theirs in `ready`."""

from __future__ import annotations

from collections.abc import Callable

from community.lib.incoming import Incoming
from community.lib.registry import Registry

# Takes in one mail, in the caller's transaction. Raises PermissionDenied, ValidationError or TooMany: the
# sender reads why.
Take = Callable[[Incoming], None]
# Where a mail is sent to (empty: nowhere), and what takes it.
MAILBOXES: Registry[tuple[Callable[[], str], Take]] = Registry("mailboxes")


def mailbox_for(mail: Incoming) -> Take | None:
    """Return what takes this mail, or None when it is meant as a reply."""
    return next((take for email, take in MAILBOXES if email() and email().lower() in mail.recipients), None)
