"""Forms of accounts and settings: shape only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.lib.countries import COUNTRIES
from profiles.actions.keys import LABEL_LIMIT, SCOPES
from profiles.details import clean_link
from profiles.impersonation import refuse_name
from profiles.models import Profile
from profiles.models.profile import LINK_LABELS, Pineapple
from profiles.names import clean_line, clean_name

FIRST_NAME_LIMIT = LAST_NAME_LIMIT = 79  # with the space between them they fill a profile's name


class NameField(forms.CharField):
    """A name. Read before stripping, so a name of spaces is distinguished from an empty one."""

    def __init__(self, *, limit: int, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, "dir": "auto", "maxlength": limit})
        super().__init__(widget=widget, strip=False, **kwargs)
        self.limit = limit
        self.validators = []

    def to_python(self, value: Any) -> str:
        return clean_name(super().to_python(value), self.limit)


class LinkField(forms.CharField):
    """The URL of a member on a kind of site, or empty. A stored value is not checked again."""

    widget = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"})

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return typed if typed == self.initial else clean_link(self.kind, typed)


class SignupForm(forms.Form):
    """Fields of allauth's sign-up form besides e-mail address and password."""

    first_name = NameField(label=_("First name"), limit=FIRST_NAME_LIMIT, autocomplete="given-name")
    last_name = NameField(
        label=_("Last name"), limit=LAST_NAME_LIMIT, autocomplete="family-name", required=False
    )
    field_order = ["first_name", "last_name", "email", "password1"]

    def clean(self) -> dict[str, Any]:
        names = (self.cleaned_data.get(field, "") for field in ("first_name", "last_name"))
        try:
            refuse_name(" ".join(names).strip())
        except forms.ValidationError as refusal:
            self.add_error("first_name", refusal)
        return self.cleaned_data

    def signup(self, request: object, user: object) -> None:
        """allauth calls this; the adapter has saved the names and made the profile."""


class AvatarForm(forms.Form):
    """A picture; the action checks its bytes."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG, WebP, GIF or AVIF. We crop the picture to its centre."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif,image/avif"}),
        max_length=200,
        allow_empty_file=True,
    )


KEPT = frozenset({"tone", "pineapple_on_pizza"})
PRIVATE = ("interests", "products", "shows_interests")
TONE_NAMES = (_("Clay"), _("Sand"), _("Moss"), _("Sea"), _("Sky"), _("Plum"))


def country_choices() -> list[tuple[str, Any]]:
    """Return every country, in the order of their names, after none."""
    return [("", _("Prefer not to say")), *COUNTRIES.items()]


class ProfileForm(forms.Form):
    """The public profile. The action checks the values."""

    name = forms.CharField(
        label=_("Name"), widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}), strip=False
    )
    handle = forms.CharField(label=_("Handle"), help_text=_("Other members mention you with @handle."))
    bio = forms.CharField(
        label=_("About you"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("You can use Markdown."),
    )
    pronouns = forms.CharField(label=_("Pronouns"), required=False)
    location = forms.CharField(
        label=_("Location"), required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
        choices=country_choices,
    )
    company = forms.CharField(
        label=_("Company"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "organization"}),
    )
    company_role = forms.CharField(
        label=_("Job title"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "organization-title"}),
    )
    pineapple_on_pizza = forms.ChoiceField(
        label=_("Pineapple on pizza?"), choices=Pineapple.choices, widget=forms.RadioSelect, required=False
    )
    tone = forms.TypedChoiceField(
        label=_("Colour of your initials"),
        choices=[(tone, name) for tone, name in enumerate(TONE_NAMES, 1)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select,
    )
    interests = forms.CharField(
        label=_("Interests"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": 300}),
    )
    products = forms.CharField(
        label=_("Products you use"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": 300}),
    )
    shows_interests = forms.BooleanField(
        label=_("Show my interests and products on my profile"),
        required=False,
        help_text=_("Otherwise only you see them."),
    )

    def __init__(self, *args: Any, profile: Profile, viewer: Profile, **kwargs: Any) -> None:
        initial = {name: getattr(profile, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        if viewer.pk != profile.pk:  # a moderator: what is private stays it
            for name in PRIVATE:
                del self.fields[name]
        if profile.country and profile.country not in COUNTRIES:  # an import brought it
            self.fields["country"].choices = [*country_choices(), (profile.country, profile.country)]  # type: ignore[attr-defined]
        for kind, label in LINK_LABELS.items():
            self.fields[f"link_{kind}"] = LinkField(
                kind=kind, label=label, required=False, initial=profile.links.get(kind, "")
            )

    def values(self) -> dict[str, Any]:
        """Return the fields as `update_profile` takes them; a choice that was not sent stays."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in KEPT or value}
        data["links"] = {kind: data.pop(f"link_{kind}") for kind in LINK_LABELS}
        return data


LIVES = ((30, _("30 days")), (90, _("90 days")), (365, _("1 year")), (0, _("Never")))


SCOPE_WORDS = {"read": _("Read"), "write": _("Write"), "moderate": _("Moderate (moderators only)")}


class ApiKeyForm(forms.Form):
    """A new API key: its name, permissions and expiry."""

    label = forms.CharField(
        label=_("Name"),
        max_length=LABEL_LIMIT,
        help_text=_("For example, the program that uses the key."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"),
        required=False,
        choices=[(scope, SCOPE_WORDS[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all unticked for full access."),
    )
    days = forms.TypedChoiceField(label=_("Expires after"), choices=LIVES, coerce=int, initial=90)

    def clean_label(self) -> str:
        return clean_line(self.cleaned_data["label"], LABEL_LIMIT)

    def values(self) -> dict[str, Any]:
        """Return the fields as `create_api_key` takes them."""
        days = self.cleaned_data["days"]
        return {
            "label": self.cleaned_data["label"],
            "scopes": self.cleaned_data["scopes"],
            "expires_at": timezone.now() + timedelta(days=days) if days else None,
        }


class DeletionForm(forms.Form):
    """Whether to keep one's posts when the account is deleted."""

    posts = forms.ChoiceField(
        label=_("Your posts"),
        choices=[
            ("keep", _("Keep my posts under the name “Former member”, so threads stay readable")),
            ("remove", _("Delete my posts")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(
        label=_("Yes, I want my account deleted"),
        error_messages={"required": _("Tick this box to delete your account.")},
    )
    use_required_attribute = False  # the page says what is missing, in place of the browser's own bubble

    def values(self) -> dict[str, Any]:
        """Return the fields as `request_deletion` takes them."""
        return {"keep_posts": self.cleaned_data["posts"] == "keep"}


class CrestForm(AvatarForm):
    """A team's picture."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Crest")


class TeamForm(forms.Form):
    """A team's tagline."""

    tagline = forms.CharField(
        label=_("Tagline"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": 160}),
    )


class MembershipForm(forms.Form):
    """A member's role on a team."""

    title = forms.CharField(
        label=_("Role on the team"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": 120}),
    )
    started_on = forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
