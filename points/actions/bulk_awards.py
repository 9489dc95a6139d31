"""Awarding to a pasted list of addresses, with a result for each line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from points.actions.awards import award_by_hand, require_awarder
from points.models import Achievement
from profiles.models import Profile

LINES = 500


@dataclass(frozen=True)
class Line:
    """What became of one address."""

    address: str
    done: bool
    result: str


def award_by_addresses(actor: Profile | None, achievement: Achievement, text: str, *, reason: str = "") -> list[Line]:
    """Award to the owner of each address in `text`, one a line or separated by commas; each in its own transaction.

    Safe to run twice: who has it keeps it. Raises PermissionDenied, or ValidationError when there are none or too many.
    """
    actor = require_awarder(actor)
    addresses = list(dict.fromkeys(one.strip("<>").lower() for one in re.split(r"[\s,;]+", text.replace("\x00", "")) if one))
    if not addresses:
        raise ValidationError(_("Paste at least one e-mail address."))
    if len(addresses) > LINES:
        raise ValidationError(
            _("%(given)d addresses are too many at once. Send at most %(limit)d.") % {"given": len(addresses), "limit": LINES}
        )
    owners = Profile.objects.filter(user__email__in=addresses).select_related("user")
    known = {profile.user.email: profile for profile in owners if profile.user is not None}
    return [_award(actor, achievement, address, known.get(address), reason) for address in addresses]


def _award(actor: Profile, achievement: Achievement, address: str, profile: Profile | None, reason: str) -> Line:
    if profile is None:
        return Line(address, False, _("Nobody here has this address."))
    try:
        award_by_hand(actor, profile, achievement, reason=reason)
    except ValidationError as refusal:
        return Line(address, False, " ".join(refusal.messages))
    except PermissionDenied as refusal:
        return Line(address, False, str(refusal))
    return Line(address, True, _("Awarded to %(name)s.") % {"name": profile.name})
