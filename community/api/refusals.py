"""Refusals the machinery raises. Apart from `errors`, so that REST framework can load its parsers before its views."""

from __future__ import annotations

from rest_framework import exceptions


class BadRequest(exceptions.APIException):
    """The request cannot be read; `code` says which part."""

    status_code = 400
    default_code = "invalid"


class TooBig(exceptions.APIException):
    status_code = 413
    default_code = "too_big"
