"""Lists that people paste: one address or handle a line, and what became of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from community.lib.errors import Conflict
from profiles.models import Profile

LINES = 500


@dataclass(frozen=True)
class Line:
    """What became of one line."""

    address: str
    done: bool
    result: str


@dataclass(frozen=True)
class Pasted:
    """One line and whom it means; nobody when there is no such person."""

    address: str
    profile: Profile | None


def people_in(text: str, *, limit: int = LINES) -> list[Pasted]:
    """Return whom the lines of `text` mean: e-mail addresses and @handles, parted by lines, spaces, commas or semicolons.

    Each once; two queries. Raises ValidationError when there are none or too many.
    """
    lines = list(
        dict.fromkeys(
            one.strip("<>").lower() for one in re.split(r"[\s,;]+", text.replace("\x00", "")) if one
        )
    )
    if not lines:
        raise ValidationError(_("Paste at least one e-mail address or @handle."))
    if len(lines) > limit:
        raise ValidationError(
            _("%(given)d lines are too many at once. Send at most %(limit)d.")
            % {"given": len(lines), "limit": limit}
        )
    handles = {one[1:] for one in lines if one.startswith("@")}
    active = Profile.objects.filter(deactivated_at=None).select_related("user")
    owners = {one.user.email: one for one in active.filter(user__email__in=lines) if one.user is not None}
    named = active.annotate(lower=Lower("handle")).filter(lower__in=handles) if handles else ()
    known = owners | {f"@{one.handle.lower()}": one for one in named}
    return [Pasted(one, known.get(one)) for one in lines]


def for_each(people: list[Pasted], act: Callable[[Profile], str]) -> list[Line]:
    """Run `act` for each person, which does it in a transaction of its own and says what it did; refusals become lines."""
    return [_line(one, act) for one in people]


def _line(pasted: Pasted, act: Callable[[Profile], str]) -> Line:
    if pasted.profile is None:
        return Line(pasted.address, False, _("Nobody here has this address."))
    try:
        return Line(pasted.address, True, act(pasted.profile))
    except ValidationError as refusal:
        return Line(pasted.address, False, " ".join(refusal.messages))
    except (PermissionDenied, Conflict) as refusal:
        return Line(pasted.address, False, str(refusal))
