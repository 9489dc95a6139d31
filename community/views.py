"""Small things of the whole site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.static import serve

from community.context import THEMES

YEAR_SECONDS = 365 * 24 * 3600


@csrf_exempt  # guests' pages are kept as bytes and hold no token; a theme is nobody's secret
@require_POST
def theme_choose(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's theme in a cookie, and go back."""
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where not to go."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/accounts/", "/admin/", "/settings/", "/api/", "/moderation/")),
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look when a page (Django admin's, a feed) names no icon."""
    return redirect(static("favicon.svg"), permanent=True)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve pictures from the data folder (without an S3-compatible store): as what they are, and for ever."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
