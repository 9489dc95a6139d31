"""allauth adapters: our messages, sign-in limits and e-mails."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.errors import TooMany
from community.lib.mail import html_of
from community.lib.sealed import seal, unseal
from profiles.actions.accounts import give_profile
from profiles.forms import FIRST_NAME_LIMIT, LAST_NAME_LIMIT
from profiles.hooks import hooks
from profiles.impersonation import refuse_name
from profiles.known_browsers import is_known_browser, remember_browser
from profiles.models import User
from profiles.names import cannot_be_shown, clean_name

SIGNATURE = "\n-- \n"
SIGN_INS_PER_HOUR = 100  # for one e-mail address, from all IPs together
_SITE = {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}


def display_name(user: User) -> str:
    """Return the name allauth's pages and e-mails use for the member."""
    return user.get_full_name() or _("you")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed or suspended."),
        "cannot_remove_primary_email": gettext_lazy(
            "You sign in with this e-mail address, so you can’t remove it."
        ),
        "duplicate_email": gettext_lazy("This is already one of your e-mail addresses."),
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is incorrect."),
        "email_taken": gettext_lazy("You can’t use this e-mail address. Try another."),
        "enter_current_password": gettext_lazy("Enter your current password."),
        "incorrect_code": gettext_lazy("This code is incorrect. Enter the code from our latest e-mail."),
        "incorrect_password": gettext_lazy("This password is incorrect."),
        "invalid_or_expired_key": gettext_lazy(
            "This link was already used or has expired. Request a new one."
        ),
        "invalid_password_reset": gettext_lazy(
            "This link was already used or has expired. Request a new one."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts. Wait a few minutes, or reset your password."
        ),
        "unverified_primary_email": gettext_lazy("Verify your e-mail address first."),
        "same_as_current": gettext_lazy("This is your current e-mail address. Enter a new one."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a minute, then try again."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Save names and e-mail address, and create the profile."""
        user = super().save_user(request, user, form, commit=commit)
        if commit:
            give_profile(user)
        return user

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords per e-mail and IP, so nobody can lock another member out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{client_key(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Past a limit of attempts per e-mail, from all IPs, only browsers the member used before may try."""
        super().pre_authenticate(request, **credentials)
        email = credentials.get("email", "").lower()
        who = hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest()
        try:
            ratelimit.check("sign-in", who, limit=SIGN_INS_PER_HOUR, seconds=3600)
        except TooMany as error:
            if not is_known_browser(request, email):
                raise self.validation_error("too_many_login_attempts") from error

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Remember the browser."""
        response = super().post_login(request, user, **options)
        remember_browser(request, response, user.pk)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Redirect a suspended member with the right password to the page that says why."""
        path = hooks.suspension_page(user)
        return redirect(path) if path else super().respond_user_inactive(request, user)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Verify an e-mail address; refuse when another account holds it unverified."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, {"email": email_address.email})
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Use the site's name and URL of the settings, whatever the request's host."""
        super().send_mail(template_prefix, email, {**_SITE, **context})

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Add how many API keys were revoked with the old password."""
        super().send_notification_mail(
            template_prefix, user, {"ended_keys": getattr(user, "ended_keys", 0), **(context or {})}, email
        )

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Render the HTML from the text, so each e-mail has one template."""
        mail = super().render_mail(template_prefix, email, context, headers)
        if isinstance(mail, EmailMultiAlternatives) and not mail.alternatives:
            said = str(mail.body).split(SIGNATURE)[0]
            mail.attach_alternative(html_of(said, title=str(mail.subject), context=_SITE), "text/html")
        return mail


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": gettext_lazy(
            "Sign in to the account with this e-mail address first, then connect your %s account in settings."
        ),
        "no_password": gettext_lazy("Set a password first, so you can still sign in."),
        "no_verified_email": gettext_lazy("Verify your e-mail address first, so you can still sign in."),
        "disconnect_last": gettext_lazy("This is your only way to sign in. Set a password first."),
        "connected_other": gettext_lazy("This account is connected to another member."),
    }

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Take names from the provider if they can be shown.

        Never from the e-mail address, which is private.
        """
        user: User = super().populate_user(request, sociallogin, data)
        user.first_name = _readable(user.first_name, FIRST_NAME_LIMIT) or _readable(
            data.get("username"), FIRST_NAME_LIMIT
        )
        user.last_name = _readable(user.last_name, LAST_NAME_LIMIT)
        try:
            refuse_name(user.get_full_name())
        except ValidationError:
            user.first_name, user.last_name = "", ""
        return user

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Return the app of a provider. Raises Http404 for one that is not configured."""
        try:
            return super().get_app(request, provider=provider, client_id=client_id)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Drop what PostgreSQL can't store from the provider's data.

        Refuse to connect to an unverified account.
        """
        sociallogin.account.extra_data = _storable(sociallogin.account.extra_data)
        connecting = sociallogin.state.get("process") == AuthProcess.CONNECT
        if connecting and not EmailAddress.objects.filter(user_id=request.user.pk, verified=True).exists():
            messages.error(request, _("Verify your e-mail address first, then connect other accounts."))
            raise ImmediateHttpResponse(redirect("account_email"))

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Create the profile of a member who signed up with another provider."""
        user: User = super().save_user(request, sociallogin, form)
        give_profile(user)
        return user


def _readable(name: Any, limit: int) -> str:
    try:
        return clean_name(str(name or "")[:limit], limit)
    except ValidationError:
        return ""


def _storable(data: Any) -> Any:
    match data:
        case dict():
            return {_storable(name): _storable(value) for name, value in data.items()}
        case list():
            return [_storable(value) for value in data]
        case str():
            return "".join(char for char in data if not cannot_be_shown(char))
    return data


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are encrypted with CODES_KEY."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is incorrect. Codes change every 30 seconds."),
        "cannot_generate_recovery_codes": gettext_lazy("Add an authenticator app or a passkey first."),
        "unverified_email": gettext_lazy("Verify your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def _get_site_name(self) -> str:
        return settings.SITE_NAME
