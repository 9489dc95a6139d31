"""Django's admin behind the one door: allauth signs people in, roles decide what they find."""

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
# Tables of libraries that pass by our actions when edited by hand: permissions follow the table in profiles.groups,
# addresses, sessions and second factors their owner's own pages, sign-in by other providers the environment.
KEPT_OUT = ("allauth.", "django.contrib.auth.")


class HearthAdminSite(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = gettext_lazy("Administration")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if admin_class is None or not admin_class.__module__.startswith(KEPT_OUT):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Moderators and admins who are done with their second factor; profiles.middleware says so to the others."""
        user: Any = request.user
        return bool(super().has_permission(request) and user.role in ROLES and not _lacks_second_factor(user))

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send people to the same door as everybody; those inside who may not enter are told so."""
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
        """There is one page to change one's password, with its own rules and mails."""
        return redirect("account_change_password")


def _lacks_second_factor(user: Any) -> bool:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import is_mfa_enabled

    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(user, kinds))


class HearthAdminConfig(AdminConfig):
    default_site = "community.admin_site.HearthAdminSite"
