"""The introduction of the OpenAPI document, and enum names drf-spectacular cannot guess."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


def document_settings(site_name: str, site_url: str) -> dict[str, Any]:
    """Return drf-spectacular's settings."""
    return {
        "TITLE": f"{site_name} API",
        "VERSION": "1.0.0",
        "DESCRIPTION": _(
            "Threads, posts, people, points and moderation. You can read public data without a key; everything else needs an "
            "API key from your settings, sent as `Authorization: Bearer KEY`. Follow `next` to read a list page by page. Errors "
            'are `{"detail", "code"}`, or messages by field. `RateLimit` headers say how many requests are left; '
            "/community/limits/ lists the limits for new members."
        ),
        "SERVERS": [{"url": site_url}],
        "OAS_VERSION": "3.1.1",
        "SCHEMA_PATH_PREFIX": "/api/v1",
        "SERVE_INCLUDE_SCHEMA": False,
        "COMPONENT_SPLIT_REQUEST": True,
        "PATH_CONVERTER_OVERRIDES": {
            "id": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 999_999_999_999_999_999},
        },
        "ENUM_NAME_OVERRIDES": {
            "DeliveryEnum": "forums.models.TopicDelivery",
            "SanctionKindEnum": "moderation.models.Kind",
            "AppealOutcomeEnum": "moderation.models.AppealOutcome",
            "ReportOutcomeEnum": "moderation.models.reports.DECISIONS",
        },
    }
