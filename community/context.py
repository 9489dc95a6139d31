"""What every template can use."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's name and URL, the chosen theme and the viewer."""
    theme = request.COOKIES.get("theme", "")
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "LOCAL_MODE": settings.LOCAL_MODE,
        "theme": theme if theme in THEMES else "",
        "viewer": getattr(request, "viewer", None),
    }
