"""allauth's forms in our words. Sign-up shows the same page, mail and work whether or not the address has an account."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as doors
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from profiles.models import User

ADDRESS_INDEXES = ("user_email_once", "profiles_user_email")
LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password again"),
}
PASSWORD_HELP = _("At least 10 characters, and nothing others would guess.")


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


class LoginForm(Worded, doors.LoginForm): ...


class ResetPasswordForm(Worded, doors.ResetPasswordForm): ...


class ResetPasswordKeyForm(Worded, doors.ResetPasswordKeyForm): ...


class UserTokenForm(doors.UserTokenForm):
    """A reset link opens nothing for somebody who is kept out."""

    def _get_user(self, uidb36: str) -> User | None:
        user: User | None = super()._get_user(uidb36)
        return user if user is not None and user.is_active else None


class ChangePasswordForm(Worded, doors.ChangePasswordForm): ...


class SetPasswordForm(Worded, doors.SetPasswordForm): ...


class AddEmailForm(Worded, doors.AddEmailForm): ...


class SignupForm(Worded, doors.SignupForm):
    """Tells nobody that an address is taken: its owner is told by mail."""

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
            if not any(index in str(error) for index in ADDRESS_INDEXES):
                raise
            self.account_already_exists = True  # somebody with the same address was faster
            return self._saved(request)

    def _saved(self, request: HttpRequest) -> Any:
        return super().try_save(request)
