"""Forms of rewards and gifts: shape only; the actions judge."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.lib.countries import COUNTRIES
from points.actions.gifts import KEY_LIMIT, REASON_LIMIT, Wish
from points.actions.orders import LIMITS
from points.queries.gifts import offered_categories

AMOUNTS = (10, 25, 50, 100)
PLAIN_NUMBER = re.compile(r"\s*[+-]?[0-9]+\s*")


class TakingForm(forms.Form):
    """A form that shows what an action says against it."""

    def take(self, error: ValidationError) -> None:
        """Put the action's refusals beside the fields."""
        for name, sentences in error.message_dict.items():
            self.add_error(name if name in self.fields else None, sentences)


class AddressForm(TakingForm):
    """Where a parcel goes."""

    name = forms.CharField(label=_("Name"))
    address_line1 = forms.CharField(label=_("Street and number"))
    address_line2 = forms.CharField(label=_("Flat, floor or company"), required=False)
    postal_code = forms.CharField(label=_("Postcode"), required=False)
    city = forms.CharField(label=_("City"))
    region = forms.CharField(label=_("State or region"), required=False)
    country = forms.ChoiceField(label=_("Country"))

    FILLED_IN = {
        "name": "name", "address_line1": "address-line1", "address_line2": "address-line2", "postal_code": "postal-code",
        "city": "address-level2", "region": "address-level1", "country": "country",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose")), *COUNTRIES.items()]
        for name, field in self.fields.items():
            field.error_messages["required"] = _("Fill this in, so that it arrives.")
            field.widget.attrs |= {"autocomplete": self.FILLED_IN[name], "dir": "auto"}
            if name != "country":
                field.widget.attrs["maxlength"] = LIMITS[name]


class PlainIntegerField(forms.IntegerField):
    """A whole number in the digits 0 to 9."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip() and not PLAIN_NUMBER.fullmatch(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class GiftForm(TakingForm):
    """A gift: one of the usual amounts or another, a kind of reason, and a sentence. `key` is drawn with the page."""

    points = forms.TypedChoiceField(
        label=_("Points"),
        choices=[(one, one) for one in AMOUNTS],
        coerce=int,
        initial=25,
        required=False,
        empty_value=None,
    )
    other = PlainIntegerField(label=_("Another amount"), required=False, min_value=1)
    category = forms.ModelChoiceField(
        label=_("For"), queryset=None, to_field_name="slug", empty_label=_("Choose"),
        error_messages={"required": _("Choose what it is for.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LIMIT, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Say in a sentence what it is for.")},
    )  # fmt: skip
    key = forms.CharField(required=False, max_length=KEY_LIMIT, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = offered_categories()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "points" in given and "other" in given and not (given["points"] or given["other"]):
            self.add_error("points", _("Choose how many."))
        return given

    def wish(self) -> Wish:
        """Return what a valid form asks for."""
        given = self.cleaned_data
        return Wish(given["other"] or given["points"], given["category"], given["reason"])
