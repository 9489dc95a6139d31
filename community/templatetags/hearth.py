"""The few tags every template may use."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import cache, lru_cache
from time import time

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from community.lib.markdown import excerpt, plain_text
from community.lib.navigation import MenuItem, items_for

register = template.Library()
DAYS_SHOWN = 7
HEAT_HOURS = ((1, 4), (24, 3), (48, 2), (168, 1))


@cache
def _sprite() -> str:
    return static("icons.svg")


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite. Always place it beside words."""
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
    """Return the age of `moment`: 5 min ago, 3 h ago, 2 days ago; after a week its date."""
    return _ago(moment, int(time() // 60), timezone.get_current_timezone(), get_language())[0]


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """Show the age of `moment`; the date and time on hover. Screen readers get whole words; hearth-time keeps it current."""
    return _when(moment, int(time() // 60), timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=10_000)
def _ago(moment: datetime, now: int, zone: tzinfo, language: str | None) -> tuple[str, str]:
    """Return the age in short and in whole words, as of minute `now` of the epoch."""
    minutes = max(0, now - int(moment.timestamp() // 60))
    if minutes < 60:
        count = max(1, minutes)
        short, long = _("%(count)d min ago"), ngettext("%(count)d minute ago", "%(count)d minutes ago", count)
    elif minutes < 24 * 60:
        count = minutes // 60
        short, long = _("%(count)d h ago"), ngettext("%(count)d hour ago", "%(count)d hours ago", count)
    elif minutes <= DAYS_SHOWN * 24 * 60:
        count = minutes // (24 * 60)
        short = long = ngettext("%(count)d day ago", "%(count)d days ago", count)
    else:
        local = moment.astimezone(zone)
        same_year = local.year == datetime.fromtimestamp(now * 60, zone).year
        short = date_format(local, "j M" if same_year else "j M Y", use_l10n=False)
        return short, date_format(local, "j F Y", use_l10n=False)
    return short % {"count": count}, long % {"count": count}


@lru_cache(maxsize=10_000)
def _when(moment: datetime, now: int, zone: tzinfo, language: str | None) -> SafeString:
    local = moment.astimezone(zone)
    short, long = _ago(moment, now, zone, language)
    return format_html(
        '<hearth-time><time datetime="{}" title="{}" aria-label="{}">{}</time></hearth-time>',
        moment.isoformat(timespec="seconds"),
        f"{date_format(local, 'j M Y, H:i', use_l10n=False)} {local:%Z}",
        long,
        short,
    )


@register.filter
def summary(html: str) -> str:
    """Return the beginning of rendered Markdown as plain text, for the description in search results."""
    return excerpt(plain_text(html), 200)


@register.filter
def undo_url(tags: str) -> str:
    """Return the URL after `undo:` in a message's tags."""
    return next((tag[5:] for tag in tags.split() if tag.startswith("undo:")), "")


@register.filter
def as_input(field: BoundField) -> SafeString:
    """Draw a form field with our classes, tied to its help and errors."""
    attrs = {"class": "input"}
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}
    return field.as_widget(attrs={**field.field.widget.attrs, **attrs})


@register.filter
def is_optional(field: BoundField) -> bool:
    """Return whether the field may stay empty. A choice without an empty option always has a value."""
    choices = getattr(field.field, "choices", None)
    return not field.field.required and (choices is None or any(not value for value, _label in choices))


@register.filter
def has_optional(form: BaseForm) -> bool:
    """Return whether the form has optional fields; then required fields are marked, too."""
    return any(is_optional(field) and not is_checkbox(field) for field in form.visible_fields())


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Return whether the field is a single checkbox."""
    return field.widget_type == "checkbox"
