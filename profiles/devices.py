"""What people call the program behind a user agent."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# The first that fits: every browser claims to be the ones below it.
PROGRAMS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"), (r"OPR/|Opera", "Opera"), (r"SamsungBrowser/", "Samsung Internet"), (r"Vivaldi/", "Vivaldi"),
    (r"Firefox/|FxiOS/", "Firefox"), (r"Chrome/|CriOS/|Chromium/", "Chrome"), (r"Safari/", "Safari"), (r"curl/", "curl"),
)  # fmt: skip
SYSTEMS = (
    (r"iPhone", "iPhone"), (r"iPad", "iPad"), (r"Android", "Android"), (r"CrOS", "ChromeOS"), (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"), (r"Linux|X11", "Linux"),
)  # fmt: skip
SHOWN = 60


def device_name(user_agent: str) -> str:
    """Return “Firefox on Windows”, or what the program says of itself when we do not know it."""
    program, system = _first(PROGRAMS, user_agent), _first(SYSTEMS, user_agent)
    if program and system:
        return _("%(program)s on %(system)s") % {"program": program, "system": system}
    return program or user_agent.strip()[:SHOWN] or _("Unknown device")


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, text)), "")
