"""API errors: {"detail": sentence, "code": word}, or {"field": [sentences]} for invalid fields."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError
from django.http import Http404, UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from community.lib.errors import Conflict, TooMany

logger = logging.getLogger(__name__)
WHOLE = (NON_FIELD_ERRORS, api_settings.NON_FIELD_ERRORS_KEY, "detail")
DEFAULT_WAIT_SECONDS = 60


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the response for a refusal, or None for an unexpected exception, which Django then logs as a 500."""
    answer = _answer(exc, context)
    if answer is not None:
        set_rollback()
    return answer


def _answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    match exc:
        case ValidationError():
            return _invalid(_django_errors(exc))
        case exceptions.ValidationError():
            return _invalid(_drf_errors(exc.detail))
        case Conflict():
            return _plain(409, exc.sentence, exc.code)
        case TooMany():
            headers = {"Retry-After": str(exc.retry_after)}
            if exc.help_path:
                headers["Link"] = f'<{settings.SITE_URL}{exc.help_path}>; rel="help"'
            return _plain(429, exc.sentence, "throttled", headers)
        case exceptions.Throttled():
            wait = str(int(exc.wait or DEFAULT_WAIT_SECONDS))
            return _plain(
                429, _("Too many requests. Try again in a minute."), "throttled", {"Retry-After": wait}
            )
        case Http404() | ObjectDoesNotExist() | exceptions.NotFound():
            return _plain(404, _("Not found, or not visible to you."), "not_found")
        case PermissionDenied():
            return _forbidden(exc, context)
        case exceptions.APIException():
            return _from_drf(exc)
        case RequestDataTooBig():
            return _plain(413, _("The request is too large."), "too_big")
        case SuspiciousOperation() | UnreadablePostError():
            return _plain(400, _("The request could not be parsed."), "invalid")
        case DataError():
            # A value that no column can store got past validation: a client error, but one we want to fix.
            logger.warning("The database refused a value from the API.", exc_info=exc)
            return _plain(400, _("One of the values can’t be stored."), "invalid")
    return None


def _plain(status: int, sentence: str, code: str, headers: dict[str, str] | None = None) -> Response:
    return Response({"detail": sentence, "code": code}, status=status, headers=headers)


def _forbidden(exc: PermissionDenied, context: dict[str, Any]) -> Response:
    sentence = str(exc) or _("You don’t have permission to do this.")
    request = context.get("request")
    if request is not None and not request.user.is_authenticated:
        return _plain(401, sentence, "not_authenticated", {"WWW-Authenticate": "Bearer"})
    return _plain(403, sentence, "permission_denied")


def _from_drf(exc: exceptions.APIException) -> Response:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if str(exc.detail).startswith("CSRF Failed"):
        return _plain(
            403, _("Send the X-CSRFToken header with your session cookie, or use an API key."), "csrf_failed"
        )
    code = exc.get_codes()
    return _plain(
        exc.status_code, _sentence(exc.detail), code if isinstance(code, str) else exc.default_code, headers
    )


def _invalid(fields: dict[str, list[str]]) -> Response:
    whole = [sentence for name in WHOLE for sentence in fields.pop(name, [])]
    if fields:
        return Response(fields, status=400)
    return _plain(400, " ".join(whole) or _("The request could not be parsed."), "invalid")


def _django_errors(exc: ValidationError) -> dict[str, list[str]]:
    if hasattr(exc, "error_dict"):
        return {name: list(sentences) for name, sentences in exc.message_dict.items()}
    return {NON_FIELD_ERRORS: list(exc.messages)}


def _drf_errors(detail: Any) -> dict[str, list[str]]:
    if isinstance(detail, dict):
        return {str(name): list(_sentences(value)) for name, value in detail.items()}
    return {NON_FIELD_ERRORS: list(_sentences(detail))}


def _sentences(detail: Any) -> Iterable[str]:
    """Flatten nested errors (of lists, of objects) into distinct sentences, in order."""
    if isinstance(detail, dict):
        parts = [sentence for value in detail.values() for sentence in _sentences(value)]
    elif isinstance(detail, list | tuple):
        parts = [sentence for value in detail for sentence in _sentences(value)]
    else:
        parts = [str(detail)]
    return dict.fromkeys(parts)


def _sentence(detail: Any) -> str:
    return " ".join(_sentences(detail))
