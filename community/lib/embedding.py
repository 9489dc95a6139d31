"""Which sites may show our pages inside theirs."""

from __future__ import annotations

from django.conf import settings


def is_allowed(origin: str) -> bool:
    """Say whether pages of `origin` may hold what we offer for embedding: by EMBED_ORIGINS, exactly or `https://*.example.com`."""
    return any(
        origin == one.rstrip("/") or _matches(origin, one.rstrip("/")) for one in settings.EMBED_ORIGINS
    )


def _matches(origin: str, pattern: str) -> bool:
    scheme, star, domain = pattern.partition("://*.")
    return bool(star) and origin.startswith(f"{scheme}://") and origin.endswith(f".{domain}")
