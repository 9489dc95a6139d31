"""The few tags every template may use."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import cache, lru_cache
from time import time

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from community.lib.markdown import excerpt, plain_text
from community.lib.navigation import MenuItem, items_for

register = template.Library()
HEAT_HOURS = ((1, 4), (24, 3), (48, 2), (168, 1))


@cache
def _sprite() -> str:
    return static("icons.svg")


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; always beside words."""
    return _icon(name)


icon.is_constant = True  # compiled templates draw it once


@cache
def _icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.filter
def menu(viewer: object, name: str) -> list[MenuItem]:
    """Return the links of a menu that `viewer` sees: {% for item in viewer|menu:"user" %}."""
    return list(items_for(viewer, name))


@register.filter
def heat(moment: datetime) -> int:
    """Return 4 (within the hour) to 0 (older than a week)."""
    hours = (timezone.now() - moment).total_seconds() / 3600
    return next((level for limit, level in HEAT_HOURS if hours < limit), 0)


@register.filter
def ago(moment: datetime) -> str:
    """Return the age of `moment` in the shortest words: 12 min, 3 h, 2 days, then the date."""
    return _ago(moment, int(time() // 60), timezone.get_current_timezone(), get_language())


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """Show a moment: its age in words, the full time on hover, kept fresh by the hearth-time element."""
    return _when(moment, int(time() // 60), timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=10_000)
def _ago(moment: datetime, now: int, zone: tzinfo, language: str | None) -> str:
    """Say it as of minute `now` of the epoch. The words follow from the arguments alone, so they are kept."""
    minutes = max(0, now - int(moment.timestamp() // 60))
    if minutes < 60:
        return _("%(count)d min") % {"count": max(1, minutes)}
    if minutes < 24 * 60:
        return _("%(count)d h") % {"count": minutes // 60}
    if minutes < 8 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    local = moment.astimezone(zone)
    same_year = local.year == datetime.fromtimestamp(now * 60, zone).year
    return f"{local.day} {local:%b}" if same_year else f"{local.day} {local:%b %Y}"


@lru_cache(maxsize=10_000)
def _when(moment: datetime, now: int, zone: tzinfo, language: str | None) -> SafeString:
    local = moment.astimezone(zone)
    return format_html(
        '<hearth-time><time datetime="{}" title="{}">{}</time></hearth-time>',
        moment.isoformat(timespec="seconds"),
        f"{local.day} {local:%b %Y, %H:%M %Z}",
        _ago(moment, now, zone, language),
    )


@register.filter
def summary(html: str) -> str:
    """Return the beginning of rendered Markdown as plain text, short enough for a description in search results."""
    return excerpt(plain_text(html), 200)


@register.filter
def undo_url(tags: str) -> str:
    """Return the address behind `undo:` in a message's tags."""
    return next((tag[5:] for tag in tags.split() if tag.startswith("undo:")), "")


@register.filter
def as_input(field: BoundField) -> SafeString:
    """Draw a form field in our dress, tied to its help and its errors."""
    attrs = {"class": "input"}
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}
    return field.as_widget(attrs={**field.field.widget.attrs, **attrs})


@register.filter
def is_optional(field: BoundField) -> bool:
    """Say whether the field may stay empty; a choice without an empty one always has a value."""
    choices = getattr(field.field, "choices", None)
    return not field.field.required and (choices is None or any(not value for value, _label in choices))


@register.filter
def has_optional(form: BaseForm) -> bool:
    """Say whether the form mixes fields that may stay empty with those that may not: then it says which is which."""
    return any(is_optional(field) and not is_checkbox(field) for field in form.visible_fields())


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Say whether the field is a single box to tick."""
    return field.widget_type == "checkbox"
