"""Awarding to a pasted list of people, with a result for each line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from points.actions.awards import award_by_hand
from points.actions.pasted import LineResult, for_each, people_in
from points.models import Achievement
from points.permissions import require_awarder
from profiles.models import Profile


def award_to_many(
    actor: Profile | None, achievement: Achievement, text: str, *, reason: str = ""
) -> list[LineResult]:
    """Award to every member that `text` names by e-mail address or @handle; each in its own transaction.

    Safe to run twice: nobody is awarded it again. Raises PermissionDenied, or ValidationError for none or too many lines.
    """
    actor = require_awarder(actor)

    def award(profile: Profile) -> str:
        award_by_hand(actor, profile, achievement, reason=reason)
        return _("Awarded to %(name)s.") % {"name": profile.name}

    return for_each(people_in(text), award)
