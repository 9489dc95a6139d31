"""Django admin. People sign in with allauth; their role decides what they can edit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

ROLES = ("moderator", "admin")
# Tables of libraries that must not be edited by hand: permissions come from profiles.groups; e-mail addresses, sessions
# and second factors belong to their owner's settings; sign-in providers come from the environment.
KEPT_OUT = ("allauth.", "django.contrib.auth.")


class HearthAdminSite(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = gettext_lazy("Administration")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if admin_class is None or not admin_class.__module__.startswith(KEPT_OUT):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in moderators and admins with a second factor; profiles.middleware leads the others to set one up."""
        user: Any = request.user
        return bool(super().has_permission(request) and user.role in ROLES and not _lacks_second_factor(user))

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Redirect guests to the sign-in page; refuse members who have no access."""
        user: Any = request.user
        after = request.GET.get("next", reverse("admin:index"))
        if not user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': after})}")
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        from community.errors import permission_denied

        return permission_denied(request, None)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Redirect to the password page of the settings, which has its own rules and e-mails."""
        return redirect("account_change_password")


def _lacks_second_factor(user: Any) -> bool:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import is_mfa_enabled

    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(user, kinds))


class HearthAdminConfig(AdminConfig):
    default_site = "community.admin_site.HearthAdminSite"
