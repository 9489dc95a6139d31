"""The sign-up form: the same page, the same mail count and the same work whether or not the address has an account."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from profiles.models import User

ADDRESS_INDEXES = ("user_email_once", "profiles_user_email")


class QuietSignupForm(SignupForm):
    """allauth's form, which tells nobody that an address is taken: its owner is told by mail."""

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
