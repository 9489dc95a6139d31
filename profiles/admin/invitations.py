"""The form to invite a teammate."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from profiles.forms import country_choices


class InvitationForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=79)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=79, required=False)
    company_role = forms.CharField(label=gettext_lazy("Role at the company"), max_length=120, required=False)
    title = forms.CharField(label=gettext_lazy("Role on the team"), max_length=120, required=False)
    started_on = forms.DateField(
        label=gettext_lazy("Start date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    location = forms.CharField(label=gettext_lazy("Location"), max_length=120, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices, required=False)
    avatar = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("We crop the picture to its centre."),
    )
