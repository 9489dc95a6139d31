"""How people are drawn beside what they wrote."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profiles.levels import LEVELS, level_named
from profiles.models import Profile
from profiles.queries import UNREAD_SHOWN, unread_count

register = template.Library()


@register.filter
def level_badge(number: int) -> SafeString:
    """Show a level's name; its number on hover."""
    return _level_badge(number, get_language())


@lru_cache(maxsize=100)
def _level_badge(number: int, language: str | None) -> SafeString:
    level = level_named(number)
    place = _("Level %(number)d of %(all)d") % {"number": level.number, "all": len(LEVELS)}
    return format_html('<span class="badge" title="{}">{}</span>', place, level.name)


@register.filter
def unread(profile: Profile) -> int:
    """Return how many notifications of a person are unread; kept for a moment, so pages may ask."""
    return unread_count(profile)


@register.filter
def capped(count: int) -> str:
    """Write a number of unread things, 99+ when nobody counted further."""
    return f"{UNREAD_SHOWN}+" if count > UNREAD_SHOWN else str(count)
