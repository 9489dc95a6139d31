"""allauth's forms with our labels.

Sign-up takes the same time and shows the same page for known and unknown addresses.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from profiles.actions.keys import revoke_all_keys
from profiles.models import User
from profiles.queries import keys_of

EMAIL_INDEXES = ("user_email_once", "profiles_user_email")
LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("Confirm new password"),
}
PASSWORD_HELP = _("At least 10 characters, and hard to guess.")


class Worded(forms.Form):
    """Our labels, one line about passwords, and no placeholders that repeat the label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            if getattr(field.widget, "input_type", "") in ("text", "email", "password"):
                field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class LoginForm(Worded, account_forms.LoginForm): ...


class ResetPasswordForm(Worded, account_forms.ResetPasswordForm): ...


class ResetPasswordKeyForm(Worded, account_forms.ResetPasswordKeyForm):
    """Revokes every API key, since someone else may have created one with the old password."""

    @transaction.atomic
    def save(self) -> None:
        super().save()
        self.user.ended_keys = revoke_all_keys(self.user, reason=_("The password was reset."))


class UserTokenForm(account_forms.UserTokenForm):
    """Refuses reset links of suspended accounts."""

    def _get_user(self, uidb36: str) -> User | None:
        user: User | None = super()._get_user(uidb36)
        return user if user is not None and user.is_active else None


class ChangePasswordForm(Worded, account_forms.ChangePasswordForm):
    """Ends the account's API keys as well, unless the person keeps them."""

    keep_keys = forms.BooleanField(label=_("Keep my API keys"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = keys_of(self.user)
        if not self.keys:
            del self.fields["keep_keys"]
            return
        names = ", ".join(key.label for key in self.keys)
        self.fields["keep_keys"].help_text = _(
            "If you don’t keep them, these keys stop working: %(names)s."
        ) % {"names": names}

    @transaction.atomic
    def save(self) -> None:
        super().save()
        if not self.cleaned_data.get("keep_keys"):
            self.user.ended_keys = revoke_all_keys(self.user, reason=_("The password was changed."))


class SetPasswordForm(Worded, account_forms.SetPasswordForm): ...


class AddEmailForm(Worded, account_forms.AddEmailForm): ...


class SignupForm(Worded, account_forms.SignupForm):
    """Does not reveal that an e-mail address has an account; its owner gets an e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = LABELS["password"]

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # a new account's password takes as long
            return self._saved(request)
        try:
            with transaction.atomic():
                return self._saved(request)
        except IntegrityError as error:
            if not any(index in str(error) for index in EMAIL_INDEXES):
                raise
            self.account_already_exists = True  # a concurrent sign-up with the same e-mail address
            return self._saved(request)

    def _saved(self, request: HttpRequest) -> Any:
        return super().try_save(request)
