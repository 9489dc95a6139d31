"""Awarding to a pasted list of people, with a result for each line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from points.actions.awards import award_by_hand, require_awarder
from points.actions.pasted import Line, for_each, people_in
from points.models import Achievement
from profiles.models import Profile


def award_by_addresses(
    actor: Profile | None, achievement: Achievement, text: str, *, reason: str = ""
) -> list[Line]:
    """Award to everybody whom `text` names by e-mail address or @handle; each in its own transaction.

    Safe to run twice: who has it keeps it. Raises PermissionDenied, or ValidationError when there are none or too many.
    """
    actor = require_awarder(actor)

    def award(profile: Profile) -> str:
        award_by_hand(actor, profile, achievement, reason=reason)
        return _("Awarded to %(name)s.") % {"name": profile.name}

    return for_each(people_in(text), award)
