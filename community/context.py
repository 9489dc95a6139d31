"""What every page's template may name."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THEMES = ("light", "dark")


@dataclass(frozen=True)
class NavItem:
    """A link of the top bar. `area` is what a page's context calls its part of the site."""

    area: str
    label: str | Promise
    url: str
    icon: str


NAV_ITEMS = [
    NavItem("home", _("Home"), "/", "home"),
    NavItem("questions", _("Questions"), "/questions/", "message"),
]


def site(request: HttpRequest) -> dict[str, object]:
    """The site's name and address, the theme the reader chose, who reads, and where they can go."""
    theme = request.COOKIES.get("theme", "")
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "LOCAL_MODE": settings.LOCAL_MODE,
        "theme": theme if theme in THEMES else "",
        "viewer": getattr(request, "viewer", None),
        "nav_items": NAV_ITEMS,
    }
