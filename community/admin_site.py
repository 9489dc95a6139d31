"""Django's admin behind the one door: allauth signs people in, roles decide what they find."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class HearthAdminSite(admin.AdminSite):
    site_header = gettext_lazy("Hearth")
    site_title = gettext_lazy("Hearth")
    index_title = gettext_lazy("Administration")
    enable_nav_sidebar = True

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send people to the same door as everybody; those inside who may not enter get told so."""
        if request.user.is_authenticated and request.user.is_staff:
            return second_factor_redirect(request) or HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            from community.errors import permission_denied

            return permission_denied(request, None)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.GET.get('next', reverse('admin:index'))})}")

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and second_factor_redirect(request) is None


def second_factor_redirect(request: HttpRequest) -> HttpResponse | None:
    """Return the way to enrolling a second factor for those who need one and have none."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return None
    from allauth.mfa.utils import is_mfa_enabled

    if is_mfa_enabled(request.user):
        return None
    messages.warning(request, _("Set up a second factor to open privileged pages."))
    return redirect("mfa_index")


class HearthAdminConfig(AdminConfig):
    default_site = "community.admin_site.HearthAdminSite"
