"""Forms to order rewards and to award points. They check shape only; the actions check the rest."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from community.lib.countries import COUNTRIES
from points.actions.gifts import KEY_LIMIT, REASON_LIMIT, Wish
from points.actions.orders import LIMITS, REQUIRED
from points.queries.gifts import offered_categories

AMOUNTS = (10, 25, 50, 100)
PLAIN_NUMBER = re.compile(r"\s*[+-]?[0-9]+\s*")


class ShippingAddressForm(forms.Form):
    """`AUTOFILL` has the label of each field, and what browsers call it."""

    AUTOFILL = {
        "name": (_("Name"), "name"),
        "address_line1": (_("Street and number"), "address-line1"),
        "address_line2": (_("Flat, floor or company"), "address-line2"),
        "postal_code": (_("Postcode"), "postal-code"),
        "city": (_("City"), "address-level2"),
        "region": (_("State or region"), "address-level1"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, autocomplete) in self.AUTOFILL.items():
            self.fields[name] = forms.CharField(label=label, required=name in REQUIRED)
            self.fields[name].widget.attrs |= {"autocomplete": autocomplete, "maxlength": LIMITS[name]}
        countries = [("", _("Choose")), *COUNTRIES.items()]
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=countries)
        self.fields["country"].widget.attrs["autocomplete"] = "country"
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in this field.")
            field.widget.attrs["dir"] = "auto"


class PeopleField(forms.CharField):
    """A pasted list of members, at most `limit`."""

    def __init__(self, limit: int) -> None:
        help_text = format_lazy(
            _("E-mail addresses or @handles, one per line; at most {count}."), count=limit
        )
        widget = forms.Textarea(attrs={"rows": 12, "cols": 60})
        super().__init__(label=_("Members"), widget=widget, help_text=help_text)


class PlainIntegerField(forms.IntegerField):
    """A whole number in the digits 0 to 9."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip() and not PLAIN_NUMBER.fullmatch(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class GiftForm(forms.Form):
    """Points, one of the usual amounts or another, with a category and a reason.

    `key` makes sending it twice harmless.
    """

    points = forms.TypedChoiceField(
        label=_("Points"),
        choices=[(one, one) for one in AMOUNTS],
        coerce=int,
        initial=25,
        required=False,
        empty_value=None,
    )
    other = PlainIntegerField(label=_("Other amount"), required=False, min_value=1)
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=None,
        to_field_name="slug",
        empty_label=_("Choose"),
        error_messages={"required": _("Choose a category.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Give a reason.")},
    )
    key = forms.CharField(required=False, max_length=KEY_LIMIT, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = offered_categories()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "points" in given and "other" in given and not (given["points"] or given["other"]):
            self.add_error("points", _("Choose an amount."))
        return given

    def wish(self) -> Wish:
        """Return the wish of a valid form."""
        given = self.cleaned_data
        return Wish(given["other"] or given["points"], given["category"], given["reason"])
