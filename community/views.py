"""Small views of the whole site: theme, robots.txt, security.txt, favicon, media."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.static import serve

from community.context import THEMES
from community.lib.redirects import moved, safe_next

YEAR_SECONDS = 365 * 24 * 3600


@csrf_exempt  # guests' pages are cached and have no token; a theme needs no protection
@require_POST
def theme_choose(request: HttpRequest) -> HttpResponse:
    """Save the chosen theme in a cookie, and go back."""
    response = redirect(safe_next(request, "/"))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers which pages not to read."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/accounts/", "/admin/", "/settings/", "/api/", "/moderation/")),
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """Let browsers offer our search."""
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "opensearch.xml", {"short_name": settings.SITE_NAME[:16]}, content_type=kind)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a vulnerability (RFC 9116). The expiry date moves on by itself."""
    until = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until.isoformat()}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Redirect password managers to the password page."""
    return redirect("account_change_password")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect browsers that read a page without an icon, such as Django admin or a feed."""
    return moved(static("favicon.svg"))


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve pictures from the data folder, where no S3-compatible storage is set. Browsers cache them for good."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
