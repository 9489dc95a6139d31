"""The rules of the code of conduct that a report or a sanction names: the page `code-of-conduct` says the same in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Rule:
    """`title` is the rule's name on the page, `wrong` what breaks it, `answer_within` how long the team has to look."""

    key: str
    title: str | Promise
    wrong: str | Promise
    answer_within: timedelta


RULES = {
    one.key: one
    for one in (
        Rule("kind", _("Be kind"), _("Insults or belittles someone"), timedelta(hours=24)),
        Rule(
            "careful",
            _("Be careful with people"),
            _("Harasses or threatens someone, or attacks who they are"),
            timedelta(hours=4),
        ),
        Rule(
            "private",
            _("Keep private things private"),
            _("Publishes someone’s address, messages or data"),
            timedelta(hours=4),
        ),
        Rule("spam", _("No spam"), _("Advertises, or posts the same text everywhere"), timedelta(hours=12)),
        Rule(
            "useful",
            _("Be useful"),
            _("Misleads people, or is off topic"),
            timedelta(hours=48),
        ),
        Rule("yourself", _("Be yourself"), _("Impersonates someone else"), timedelta(hours=24)),
    )
}
CHOICES = [(one.key, one.title) for one in RULES.values()]
# An e-mailed report has no rule until a moderator reads it, so it is due as soon as the gravest.
UNSORTED_WITHIN = timedelta(hours=4)


def rule_named(key: str) -> Rule:
    """Return the rule. Raises ValidationError({"reason": sentence}) when there is none of that name."""
    found = RULES.get(key)
    if found is None:
        raise ValidationError({"reason": gettext("Choose the rule of the code of conduct that it breaks.")})
    return found


def title_of(key: str) -> str:
    """Return the title of a rule, also for reports without one."""
    return str(RULES[key].title) if key in RULES else gettext("No rule yet")


def answer_within(key: str) -> timedelta:
    """Return the time to answer a report about this rule."""
    return RULES[key].answer_within if key in RULES else UNSORTED_WITHIN
