"""Forms of rewards: shape only; the actions judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from points.actions.orders import LIMITS
from points.countries import COUNTRIES


class AddressForm(forms.Form):
    """Where a parcel goes."""

    name = forms.CharField(label=_("Name"), required=False)
    address_line1 = forms.CharField(label=_("Street and number"), required=False)
    address_line2 = forms.CharField(label=_("Flat, floor or company"), required=False)
    postal_code = forms.CharField(label=_("Postcode"), required=False)
    city = forms.CharField(label=_("City"), required=False)
    region = forms.CharField(label=_("State or region"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    FILLED_IN = {
        "name": "name", "address_line1": "address-line1", "address_line2": "address-line2", "postal_code": "postal-code",
        "city": "address-level2", "region": "address-level1", "country": "country",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose")), *COUNTRIES.items()]
        for name, field in self.fields.items():
            field.widget.attrs |= {"autocomplete": self.FILLED_IN[name], "dir": "auto"}
            if name != "country":
                field.widget.attrs["maxlength"] = LIMITS[name]

    def take(self, error: ValidationError) -> None:
        """Put the action's refusals beside the fields."""
        for name, sentences in error.message_dict.items():
            self.add_error(name if name in self.fields else None, sentences)
