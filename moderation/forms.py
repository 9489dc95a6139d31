"""Forms check shape only; actions decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.forms import TrappedForm
from moderation.actions.sanctions import (
    APART_LIMIT,
    DEFAULT_DAYS,
    NewSanction,
    can_hide,
    evidence_of,
    next_kind,
)
from moderation.models import BANS, AppealOutcome, Content, Kind, Report
from moderation.models.sanctions import KINDS_RISING
from moderation.rules import CHOICES
from moderation.validation import APPEAL_LIMIT, EXPLANATION_LIMIT, NOTE_LIMIT, REASON_LIMIT
from profiles.models import Profile

CHOOSE = gettext_lazy("Choose a rule.")
TO_REPLACE = gettext_lazy("[Explain what was wrong, and what would have been fine.]")
# Fields of some sanctions only.
FIELDS_OF: dict[str, list[Kind]] = {
    "days": [Kind.WARNING, Kind.TEMPORARY_BAN], "apart": [Kind.WARNING], "posts_per_day": [Kind.WARNING],
    "content": sorted(BANS), "drop_votes": sorted(BANS),
}  # fmt: skip
WHICH = {"required": CHOOSE, "invalid_choice": CHOOSE}
DAYS_HELP = gettext_lazy("Leave empty for {warning} days (warning) or {ban} days (ban).")
MESSAGE_HELP = gettext_lazy(
    "We add the reported post, the rule, the dates and the appeal link. Never name the reporters."
)


class ReportForm(TrappedForm):
    reason = forms.ChoiceField(choices=CHOICES, error_messages=WHICH)
    note = forms.CharField(label=gettext_lazy("What should we know?"), max_length=NOTE_LIMIT, required=False)
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"), max_length=254, required=False)


class AppealForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your appeal"), max_length=APPEAL_LIMIT, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Explain why you think the decision is wrong.")},
    )  # fmt: skip


class AppealDecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=AppealOutcome.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether to accept or reject the appeal.")},
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("Answer"), max_length=EXPLANATION_LIMIT, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("The member reads this."),
    )  # fmt: skip


class SanctionForm(forms.Form):
    """A sanction for `profile`, with or without a report. `apart` takes handles, `evidence` one URL per line."""

    kind = forms.ChoiceField(
        choices=Kind.choices, error_messages={"required": gettext_lazy("Choose a sanction.")}
    )
    rule = forms.ChoiceField(label=gettext_lazy("Rule"), choices=CHOICES, error_messages=WHICH)
    skip_reason = forms.CharField(
        label=gettext_lazy("Why skip a level"), max_length=REASON_LIMIT, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("The member reads this."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=gettext_lazy("Days"), required=False, min_value=1, max_value=730,
        help_text=format_lazy(DAYS_HELP, warning=DEFAULT_DAYS[Kind.WARNING], ban=DEFAULT_DAYS[Kind.TEMPORARY_BAN]),
    )  # fmt: skip
    apart = forms.CharField(
        label=gettext_lazy("No contact with"), max_length=600, required=False,
        help_text=gettext_lazy("@handles. They can’t reply to, mention or notify each other for the term."),
    )  # fmt: skip
    posts_per_day = forms.IntegerField(
        label=gettext_lazy("Posts per day"), required=False, min_value=0, max_value=100,
        help_text=gettext_lazy("Leave empty for no limit. 0 pauses posting for the term."),
    )  # fmt: skip
    content = forms.ChoiceField(label=gettext_lazy("Their posts"), choices=Content.choices, required=False)
    drop_votes = forms.BooleanField(label=gettext_lazy("Remove their upvotes"), required=False)
    explanation = forms.CharField(
        label=gettext_lazy("Message"), max_length=EXPLANATION_LIMIT, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=MESSAGE_HELP,
    )  # fmt: skip
    hide = forms.BooleanField(label=gettext_lazy("Hide the reported post"), required=False)
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"), max_length=5100, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One URL per line."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, profile: Profile, report: Report | None = None) -> None:
        self.suggested = next_kind(profile)
        super().__init__(data, initial={"kind": self.suggested, **_drafted(report)})
        if not can_hide(report):
            del self.fields["hide"]

    def clean_apart(self) -> list[Profile]:
        handles = [one.removeprefix("@") for one in self.cleaned_data["apart"].replace(",", " ").split()]
        found = list(Profile.objects.filter(handle__in=handles[: APART_LIMIT + 1]))
        missing = set(handles) - {profile.handle for profile in found}
        if missing:
            raise ValidationError(_("No member has the handle @%(handle)s.") % {"handle": sorted(missing)[0]})
        return found

    def clean_explanation(self) -> str:
        if str(TO_REPLACE) in self.cleaned_data["explanation"]:
            raise ValidationError(_("Replace the text in brackets."))
        return str(self.cleaned_data["explanation"])

    def clean_evidence(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["evidence"].splitlines() if line.strip()]

    def shown(self) -> list[tuple[forms.BoundField, str]]:
        """Return every field but `kind`, with the classes that show it for some sanctions only."""
        later = [
            kind for kind in KINDS_RISING if KINDS_RISING.index(kind) > KINDS_RISING.index(self.suggested)
        ]
        only = {**FIELDS_OF, "skip_reason": later}
        return [(field, _classes(only.get(field.name), field)) for field in self if field.name != "kind"]

    def sanction(self) -> NewSanction:
        """Return the sanction to give, without the fields hidden for its kind."""
        kind = self.cleaned_data["kind"]
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if kind in FIELDS_OF.get(name, KINDS_RISING)
        }
        return NewSanction(**{**given, "content": given.get("content") or Content.KEPT})


def _drafted(report: Report | None) -> dict[str, str]:
    """Return what a report prefills: the rule, a message to complete, and its page as evidence."""
    if report is None:
        return {"explanation": str(TO_REPLACE)}
    about = _("“%(title)s” breaks the rule “%(rule)s”.") % {"title": report.title, "rule": report.rule_title}
    return {
        "rule": report.rule,
        "evidence": "\n".join(evidence_of(report)),
        "explanation": f"{about}\n\n{TO_REPLACE}",
    }


def _classes(kinds: Sequence[str] | None, field: forms.BoundField) -> str:
    """Return the classes of design/report-case.html; a field with an error is always shown."""
    if kinds is None or field.errors:
        return ""
    return " ".join(["only", *(f"only--{kind}" for kind in kinds)])
