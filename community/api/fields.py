"""Fields that several parts of the API share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.serializers import BooleanField, IntegerField, URLField


class IsSet(BooleanField):
    """Whether a column such as `archived_at` holds a value."""

    def __init__(self, source: str, **options: Any) -> None:
        super().__init__(source=source, read_only=True, **options)

    def get_attribute(self, instance: Any) -> bool:
        return super().get_attribute(instance) is not None


class SiteUrl(URLField):
    """The full URL of a path on this site, taken from an attribute or method that returns the path."""

    def __init__(self, source: str | None = "get_absolute_url", **options: Any) -> None:
        super().__init__(source=source, read_only=True, **options)

    def to_representation(self, value: str) -> str:
        return f"{settings.SITE_URL}{value}"


class IdField(IntegerField):
    """The id of a row, within what its column can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **options)
