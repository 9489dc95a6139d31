"""Refusals raised while a request is parsed. In a file of their own: REST framework loads parsers before views."""

from __future__ import annotations

from rest_framework import exceptions


class BadRequest(exceptions.APIException):
    """The request could not be parsed; `code` says which part."""

    status_code = 400
    default_code = "invalid"


class TooBig(exceptions.APIException):
    status_code = 413
    default_code = "too_big"
