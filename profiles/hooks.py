"""What apps on the right answer for this app.

Each hook has one filler, which sets it in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from profiles.models import Delivery, Profile, User


@dataclass
class Hooks:
    """Without its filler a hook changes nothing."""

    # Moderation: the sentence a restricted member reads, or None; the ids of those they may have no contact
    # with.
    why_not_post: Callable[[Profile], str | None] = lambda profile: None
    no_contacts: Callable[[Profile], frozenset[int]] = lambda profile: frozenset()
    # Moderation: the path of the page that says why an account is suspended, or why a session (by its key)
    # was ended.
    suspension_page: Callable[[User], str | None] = lambda user: None
    ended_session_page: Callable[[str], str | None] = lambda session_key: None
    # Moderation: whether the links and the bio of a new member are hidden. Reads the row it is given, without
    # a query.
    hides_links: Callable[[Profile], bool] = lambda profile: False
    # Points: runs in the transaction of every change of a profile (by id); quick, and locks nothing.
    profile_changed: Callable[[int], None] = lambda profile_id: None
    # Points: achievements by profile id, for many profiles at once; the balance.
    achievements_of: Callable[[Sequence[int]], dict[int, list[dict[str, Any]]]] = lambda profile_ids: {}
    points_of: Callable[[Profile], int] = lambda profile: 0
    # Forums: the Reply-To of an e-mail, or None when replies are not read.
    reply_address: Callable[[Delivery], str | None] = lambda delivery: None


hooks = Hooks()
