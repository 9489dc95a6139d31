"""Forms check shape only; actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.forms import TrappedForm
from moderation.actions.sanctions import APART_LIMIT, DEFAULT_DAYS, Step
from moderation.clauses import CHOICES
from moderation.models import AppealOutcome, Content, Kind
from moderation.models.reports import DECISIONS
from moderation.texts import APPEAL_LIMIT, EXPLANATION_LIMIT, NOTE_LIMIT, REASON_LIMIT
from profiles.models import Profile

CHOOSE = gettext_lazy("Choose which rule it is about.")
WHICH = {"required": CHOOSE, "invalid_choice": CHOOSE}
DAYS_HELP = gettext_lazy("For a warning or a temporary ban. Empty: {warning} or {ban} days.")
MESSAGE_HELP = gettext_lazy(
    "What was wrong, and what would have been fine. Sent with the rule, the term and the appeal form. Never name who reported."
)


class ReportForm(TrappedForm):
    reason = forms.ChoiceField(choices=CHOICES, error_messages=WHICH)
    note = forms.CharField(label=gettext_lazy("What should we know?"), max_length=NOTE_LIMIT, required=False)
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"), max_length=254, required=False)


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(choices=DECISIONS)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=REASON_LIMIT)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=REASON_LIMIT)


class AppealForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What did we get wrong?"), max_length=APPEAL_LIMIT, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Write what we got wrong.")},
    )  # fmt: skip


class JudgeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=AppealOutcome.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether the decision stands.")},
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("Answer"), max_length=EXPLANATION_LIMIT, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("The person reads this."),
    )  # fmt: skip


class StepForm(forms.Form):
    """A step of the ladder. `apart` takes handles, `evidence` addresses, one a line."""

    kind = forms.ChoiceField(choices=Kind.choices, error_messages={"required": gettext_lazy("Choose a step of the ladder.")})
    clause = forms.ChoiceField(label=gettext_lazy("Rule"), choices=CHOICES, error_messages=WHICH)
    explanation = forms.CharField(
        label=gettext_lazy("Message"), max_length=EXPLANATION_LIMIT, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=MESSAGE_HELP,
    )  # fmt: skip
    days = forms.IntegerField(
        label=gettext_lazy("Days"), required=False, min_value=1, max_value=730,
        help_text=format_lazy(DAYS_HELP, warning=DEFAULT_DAYS[Kind.WARNING], ban=DEFAULT_DAYS[Kind.TEMPORARY_BAN]),
    )  # fmt: skip
    apart = forms.CharField(
        label=gettext_lazy("Keeps apart from"), max_length=600, required=False,
        help_text=gettext_lazy("With a warning: @handles. No replies, mentions or notifications, either way, for the term."),
    )  # fmt: skip
    posts_per_day = forms.IntegerField(
        label=gettext_lazy("Posts a day"), required=False, min_value=0, max_value=100,
        help_text=gettext_lazy("With a warning: 0 pauses writing."),
    )  # fmt: skip
    content = forms.ChoiceField(label=gettext_lazy("With a ban, what they wrote"), choices=Content.choices, required=False)
    drop_votes = forms.BooleanField(label=gettext_lazy("With a ban, take back the votes and kudos they gave"), required=False)
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"), max_length=5100, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Addresses, one a line."),
    )  # fmt: skip

    def clean_apart(self) -> list[Profile]:
        handles = [one.removeprefix("@") for one in self.cleaned_data["apart"].replace(",", " ").split()]
        found = list(Profile.objects.filter(handle__in=handles[: APART_LIMIT + 1]))
        missing = set(handles) - {profile.handle for profile in found}
        if missing:
            raise ValidationError(_("There is nobody called @%(handle)s.") % {"handle": sorted(missing)[0]})
        return found

    def clean_evidence(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["evidence"].splitlines() if line.strip()]

    def step(self) -> Step:
        """Return what the form asks for."""
        given: dict[str, Any] = dict(self.cleaned_data)
        given["content"] = given["content"] or Content.KEPT
        return Step(**given)
