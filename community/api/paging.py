"""Cursor pages of the API: the last page is as fast as the first, and writes never repeat or skip a row.

A cursor holds the sort values of the row to continue from, signed and bound to the order of the list. No rows are counted
and none are read to be skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from community.api.refusals import BadRequest
from community.lib.keypages import slice_of, value_of

if TYPE_CHECKING:
    from rest_framework.views import APIView

M = TypeVar("M", bound=Model)
R = TypeVar("R")
DEFAULT_LIMIT, MAX_LIMIT = 20, 100
SALT = "api.cursor"
CURSOR_CHARACTERS = 1000
INVALID_CURSOR = gettext_lazy("This cursor is not valid for this list. Start again without it.")


class CursorPaging(BasePagination):
    """Page a queryset by its own `order_by`, which ends in a unique field and runs one way for speed."""

    next_url: str | None = None
    previous_url: str | None = None

    def paginate_queryset(
        self, queryset: QuerySet[M], request: Request, view: APIView | None = None
    ) -> list[M]:
        fields = [str(field) for field in queryset.query.order_by]
        limit = limit_from(request)
        backwards, position = self._position(request, fields)
        page = slice_of(queryset, fields, position, backwards=backwards, size=limit)
        found = page.rows
        url = request.build_absolute_uri()
        if found:
            self.next_url = _url(url, fields, found[-1], "n") if page.has_next else None
            self.previous_url = _url(url, fields, found[0], "p") if page.has_previous else None
        elif position is not None:
            # Past either end, because rows were moved or deleted: continue from the first page.
            self.previous_url = None if backwards else remove_query_param(url, "cursor")
            self.next_url = remove_query_param(url, "cursor") if backwards else None
        return found

    def paginate_ranked(self, rows: Sequence[R], fields: list[str], request: Request) -> list[R]:
        """Page a list in memory, ordered by `fields`, such as ranked search results."""
        limit = limit_from(request)
        backwards, position = self._position(request, fields)
        if position is not None:
            key = _sort_key(fields, position)
            rows = [
                row
                for row in rows
                if (_key_of(row, fields) < key if backwards else _key_of(row, fields) > key)
            ]
        found = list(rows[-limit:] if backwards else rows[:limit])
        more, url = len(rows) > len(found), request.build_absolute_uri()
        if found:
            self.next_url = _url(url, fields, found[-1], "n") if backwards or more else None
            self.previous_url = (
                _url(url, fields, found[0], "p") if (more if backwards else position is not None) else None
            )
        return found

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_url, "previous": self.previous_url, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor", "in": "query", "required": False,
                "description": _("The cursor in `next` or `previous` of another page."), "schema": {"type": "string"},
            },
            {
                "name": "limit", "in": "query", "required": False,
                "description": _("Rows per page, at most %(limit)d.") % {"limit": MAX_LIMIT},
                "schema": {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT},
            },
        ]  # fmt: skip

    def _position(self, request: Request, fields: list[str]) -> tuple[bool, list[Any] | None]:
        text = request.query_params.get("cursor", "")
        if not text:
            return False, None
        return read_cursor(text, fields)


def limit_from(request: Request) -> int:
    """Return `?limit=` as a number from 1 to MAX_LIMIT; larger numbers count as MAX_LIMIT. Raises BadRequest."""
    text = request.query_params.get("limit", "")
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        raise BadRequest(
            _("Set “limit” to a number from 1 to %(limit)d.") % {"limit": MAX_LIMIT}, code="invalid_limit"
        )
    return min(int(text[:9]) if len(text) <= 9 else MAX_LIMIT, MAX_LIMIT)


def read_cursor(text: str, fields: list[str]) -> tuple[bool, list[Any]]:
    """Return (backwards, sort values) of a cursor made for a list in this order. Raises BadRequest otherwise."""
    refusal = BadRequest(INVALID_CURSOR, code="invalid_cursor")
    if len(text) > CURSOR_CHARACTERS:
        raise refusal
    try:
        direction, order, values = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise refusal
    if order != ",".join(fields) or len(values) != len(fields):
        raise refusal
    return direction == "p", [_decoded(value) for value in values]


def _key_of(row: Any, fields: list[str]) -> list[Any]:
    return _sort_key(fields, [value_of(row, field) for field in fields])


def _sort_key(fields: list[str], values: list[Any]) -> list[Any]:
    """Return numbers whose ascending order is that of `fields`."""
    try:
        return [
            -value if field.startswith("-") else value for field, value in zip(fields, values, strict=True)
        ]
    except TypeError:
        raise BadRequest(INVALID_CURSOR, code="invalid_cursor") from None


def _url(url: str, fields: list[str], row: Any, direction: str) -> str:
    values = [_encoded(value_of(row, field)) for field in fields]
    cursor = signing.dumps([direction, ",".join(fields), values], salt=SALT)
    return replace_query_param(url, "cursor", cursor)


def _encoded(value: Any) -> Any:
    return {"t": value.isoformat()} if isinstance(value, datetime) else value


def _decoded(value: Any) -> Any:
    return datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value
