"""Lists that people paste: one e-mail address or handle per line, and the result of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from community.lib.refusals import REFUSALS, error_message
from profiles.models import Profile

LINES = 500


@dataclass(frozen=True)
class LineResult:
    text: str
    done: bool
    result: str


@dataclass(frozen=True)
class PastedLine:
    """A line and the member it names, if there is one."""

    text: str
    profile: Profile | None


def people_in(text: str, *, limit: int = LINES) -> list[PastedLine]:
    """Return the members named in `text`: e-mail addresses and @handles, separated by lines, spaces, commas or semicolons.

    Each once; two queries. Raises ValidationError({"people": …}) when there are none or too many.
    """
    lines = list(
        dict.fromkeys(
            one.strip("<>").lower() for one in re.split(r"[\s,;]+", text.replace("\x00", "")) if one
        )
    )
    if not lines:
        raise ValidationError({"people": _("Paste at least one e-mail address or @handle.")})
    if len(lines) > limit:
        said = _("Paste at most %(limit)d lines at a time (now %(given)d).")
        raise ValidationError({"people": said % {"given": len(lines), "limit": limit}})
    handles = {one[1:] for one in lines if one.startswith("@")}
    active = Profile.objects.filter(deactivated_at=None).select_related("user")
    owners = {one.user.email: one for one in active.filter(user__email__in=lines) if one.user is not None}
    named = active.annotate(lower=Lower("handle")).filter(lower__in=handles) if handles else ()
    known = owners | {f"@{one.handle.lower()}": one for one in named}
    return [PastedLine(one, known.get(one)) for one in lines]


def for_each(people: list[PastedLine], act: Callable[[Profile], str]) -> list[LineResult]:
    """Run `act` for each person, in a transaction of its own, and return what it says; a refusal is the
    result of its line.
    """
    return [_result(one, act) for one in people]


def _result(line: PastedLine, act: Callable[[Profile], str]) -> LineResult:
    if line.profile is None:
        return LineResult(line.text, False, _("No member has this e-mail address or handle."))
    try:
        return LineResult(line.text, True, act(line.profile))
    except REFUSALS as refusal:
        return LineResult(line.text, False, error_message(refusal))
