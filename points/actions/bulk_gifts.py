"""Awarding points to several members, with a result for each."""

from __future__ import annotations

from django.utils.translation import ngettext

from points.actions.gifts import Wish, clean_wish, give_points
from points.actions.pasted import LineResult, for_each, people_in
from points.permissions import require_giver
from profiles.models import Profile

PEOPLE = 100


def give_to_many(actor: Profile | None, text: str, *, wish: Wish, key: str) -> list[LineResult]:
    """Award points to every member that `text` names; each in its own transaction, so that one refusal undoes nothing.

    Sent again with the same `key` it awards nothing more. Raises PermissionDenied, ValidationError.
    """
    actor, wish = require_giver(actor), clean_wish(wish)

    def give(profile: Profile) -> str:
        gift = give_points(actor, profile, wish=wish, key=key)
        said = ngettext(
            "%(count)d point awarded to %(name)s.", "%(count)d points awarded to %(name)s.", gift.points
        )
        return said % {"name": profile.name, "count": gift.points}

    return for_each(people_in(text, limit=PEOPLE), give)
