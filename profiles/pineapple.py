"""What a team as a whole thinks of pineapple on pizza."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from profiles.models.profile import Pineapple

# Fewer answers would tell who gave them.
ANSWERS_NEEDED = 2


@dataclass(frozen=True)
class Verdict:
    """`verdict` is yes, no, tied or open.

    `yes` and `no` count answers, and are 0 while there are too few to show.
    """

    verdict: str
    yes: int = 0
    no: int = 0

    @property
    def words(self) -> str:
        return {
            "yes": _("Pineapple belongs on pizza."),
            "no": _("Pineapple does not belong on pizza."),
            "tied": _("The team is divided on pineapple."),
            "open": _("The team hasn’t decided about pineapple."),
        }[self.verdict]

    @property
    def rule(self) -> str:
        sentence = _(
            "The majority decides, with at least %(count)d answers. “Prefer not to say” isn’t counted."
        )
        return sentence % {"count": ANSWERS_NEEDED}


def verdict_of(answers: Iterable[str]) -> Verdict:
    """Return the verdict of a team's answers; those who would rather not say are nowhere in it."""
    given = list(answers)
    yes, no = given.count(Pineapple.YES), given.count(Pineapple.NO)
    if yes + no < ANSWERS_NEEDED:
        return Verdict("open")
    return Verdict("tied" if yes == no else "yes" if yes > no else "no", yes, no)
