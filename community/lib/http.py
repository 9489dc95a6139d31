"""The request as code sees it that knows no app."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest as DjangoRequest


class HttpRequest(DjangoRequest):
    """A request with its viewer: a profile, or None for a guest."""

    viewer: Any
