"""The OpenAPI document: every operation gets its tag and the errors it may return."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from community.api.permissions import SignedIn

JSON = "application/json"
READS_BODY = ("POST", "PUT", "PATCH")
View = TypeVar("View", bound=Callable[..., Any])


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "refused",
            value={"detail": "Only the asker can change the subject and tags.", "code": "permission_denied"},
        )
    ]
)
class ErrorSerializer(serializers.Serializer[Any]):
    """An error: a sentence to show, and a code for programs."""

    detail = serializers.CharField()
    code = serializers.CharField()


FIELD_ERRORS = {
    "type": "object",
    "description": _(
        "Error messages by field; or `detail` and `code` when the error is not about one field."
    ),
    "additionalProperties": {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]},
    "example": {"subject": [_("Add a subject.")]},
}
REFUSALS = {
    400: OpenApiResponse(FIELD_ERRORS, _("A value is invalid.")),
    401: OpenApiResponse(ErrorSerializer, _("You’re not signed in, or the API key is invalid.")),
    403: OpenApiResponse(
        ErrorSerializer, _("You don’t have permission, or the API key doesn’t have the scope.")
    ),
    404: OpenApiResponse(ErrorSerializer, _("Not found, or not visible to you.")),
    409: OpenApiResponse(
        ErrorSerializer, _("The object has changed, or the Idempotency-Key was used for another request.")
    ),
    413: OpenApiResponse(ErrorSerializer, _("The request is too large.")),
    415: OpenApiResponse(ErrorSerializer, _("This media type isn’t supported here.")),
    429: OpenApiResponse(ErrorSerializer, _("Too many requests. Retry-After says how long to wait.")),
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description=_(
        "Makes the request safe to repeat for a day: the same key and body return the first response."
    ),
)
RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    OpenApiTypes.INT,
    OpenApiParameter.HEADER,
    response=[429],
    description=_("Seconds to wait."),
)

LIMITS = [
    OpenApiParameter(
        "RateLimit-Policy", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200, 201, 204],
        description=_("Each limit that applies to the request: q requests in w seconds."),
    ),
    OpenApiParameter(
        "RateLimit", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200, 201, 204],
        description=_("What is left of each limit: r requests; it resets in t seconds."),
    ),
]  # fmt: skip


def lists(row: type[serializers.BaseSerializer[Any]], **options: Any) -> Callable[[View], View]:
    """Document a method that returns pages of `row`."""

    def decorate(method: View) -> View:
        method.lists = True  # type: ignore[attr-defined]
        return extend_schema(responses=row(many=True), **options)(method)  # type: ignore[no-any-return]

    return decorate


class HearthSchema(AutoSchema):
    """Describe operations: the tag is the view's `tag`; possible errors follow from the method and path."""

    def get_auth(self) -> list[dict[str, Any]]:
        """Add `{}`, which means no key, where reading is public."""
        auth: list[dict[str, Any]] = [one for one in super().get_auth() if one]
        public = self.method in SAFE_METHODS and not any(
            isinstance(one, SignedIn) for one in self.view.get_permissions()
        )
        return [*auth, {}] if public and not getattr(self.view, "scope", None) else auth

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "tag", "other")]

    def get_override_parameters(self) -> list[Any]:
        extra = [RETRY_AFTER, *LIMITS]
        if getattr(getattr(self.view, self.method.lower()), "idempotent", False):
            extra.append(IDEMPOTENCY_KEY)
        return [*super().get_override_parameters(), *extra]

    def get_operation_id(self) -> str:
        """`thread-list` and GET make `thread_list_get`: URL names are unique already."""
        words = [
            word
            for word in self.path.removeprefix("/api/v1/").replace("{", "by_").replace("}", "").split("/")
            if word
        ]
        return "_".join([*(word.replace("-", "_") for word in words), self.method.lower()])

    def _is_list_view(self, serializer: Any = None) -> bool:
        """True for pages of a list, and for the few short lists that are returned whole."""
        return self._is_paged() or isinstance(serializer, serializers.ListSerializer)

    def _is_paged(self) -> bool:
        return bool(getattr(getattr(self.view, self.method.lower()), "lists", False))

    def _get_paginator(self) -> Any:
        return self.view.settings.DEFAULT_PAGINATION_CLASS() if self._is_paged() else None

    def get_summary(self) -> str:
        """The first line of the method's docstring."""
        return self._doc().partition("\n")[0].rstrip(".")

    def get_description(self) -> str:
        """The rest of it."""
        return self._doc().partition("\n")[2].strip()

    def _doc(self) -> str:
        return inspect.getdoc(getattr(self.view, self.method.lower())) or ""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for code in sorted(self._refusals()):
            if str(code) not in bodies:
                bodies[str(code)] = self._get_response_for_code(REFUSALS[code], str(code), [JSON], direction)
        return bodies

    def _refusals(self) -> set[int]:
        codes = {400, 401, 403, 429}
        if "{" in self.path:
            codes.add(404)
        if self.method in READS_BODY:
            codes |= {413, 415}
        if self.method not in SAFE_METHODS:
            codes.add(409)
        return codes


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describe API keys as bearer tokens."""

    target_class = "profiles.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": str(_("An API key from your settings."))}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "profiles.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": str(_("Signed in, with the X-CSRFToken header.")),
        }
