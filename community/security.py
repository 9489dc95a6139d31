"""The Content-Security-Policy of every page."""

from __future__ import annotations

from csp.constants import NONE, SELF


def content_security_policy(*, form_targets: list[str], frames: list[str]) -> dict[str, object]:
    """Return django-csp's settings. `form_targets` and `frames` are the origins forms lead to and pages embed; "" is skipped."""
    return {
        "EXCLUDE_URL_PREFIXES": (),
        "DIRECTIVES": {
            "default-src": [SELF],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, "data:", "blob:"],
            "font-src": [SELF],
            "connect-src": [SELF],
            "object-src": [NONE],
            "base-uri": [NONE],
            "form-action": [SELF, *form_targets],
            "frame-src": [SELF, *filter(None, frames)],
            "frame-ancestors": [NONE],
        },
    }
