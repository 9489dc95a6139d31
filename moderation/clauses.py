"""The clauses of the code of conduct that a report or a sanction names: the page `code-of-conduct` says the same in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Clause:
    """`title` is the clause's name on the page, `wrong` what breaks it, `answer_within` how long the team has to look."""

    key: str
    title: str | Promise
    wrong: str | Promise
    answer_within: timedelta


CLAUSES = {
    one.key: one
    for one in (
        Clause("kind", _("Be kind"), _("Insults or belittles somebody"), timedelta(hours=24)),
        Clause(
            "careful",
            _("Be careful with people"),
            _("Harasses, threatens, or attacks who somebody is"),
            timedelta(hours=4),
        ),
        Clause(
            "private",
            _("Keep private things private"),
            _("Shows somebody’s address, messages or data"),
            timedelta(hours=4),
        ),
        Clause("spam", _("No spam"), _("Sells, or posts the same everywhere"), timedelta(hours=12)),
        Clause(
            "useful",
            _("Be useful"),
            _("Leads people astray, or has nothing to do with it"),
            timedelta(hours=48),
        ),
        Clause("yourself", _("Be yourself"), _("Pretends to be somebody else"), timedelta(hours=24)),
    )
}
CHOICES = [(one.key, one.title) for one in CLAUSES.values()]
# What came by mail has no clause until somebody reads it, so it is answered as the gravest.
UNSORTED_WITHIN = timedelta(hours=4)


def clause(key: str) -> Clause:
    """Return the clause. Raises ValidationError({"reason": sentence}) when there is none of that name."""
    found = CLAUSES.get(key)
    if found is None:
        raise ValidationError({"reason": gettext("Choose which rule of the code of conduct it is about.")})
    return found


def title_of(key: str) -> str:
    """Return the clause's name for people, also for what is not sorted yet."""
    return str(CLAUSES[key].title) if key in CLAUSES else gettext("Not sorted yet")


def answer_within(key: str) -> timedelta:
    """Return how long the team has to look at a report about this clause."""
    return CLAUSES[key].answer_within if key in CLAUSES else UNSORTED_WITHIN
