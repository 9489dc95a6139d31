"""Cursor pages of the API: the last page is as fast as the first, and writes never repeat or skip a row.

A cursor holds the sort values of the row to continue from, signed and bound to the order of the list. No rows are counted
and none are read to be skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from community.api.refusals import BadRequest

if TYPE_CHECKING:
    from rest_framework.views import APIView

M = TypeVar("M", bound=Model)
R = TypeVar("R")
DEFAULT_LIMIT, MAX_LIMIT = 20, 100
SALT = "api.cursor"
CURSOR_CHARACTERS = 1000


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
        rows = _in_order(queryset, fields, backwards=backwards)
        if position is not None:
            rows = rows.filter(_after(fields, position, backwards=backwards))
        found = list(rows[: limit + 1])
        more, found = len(found) > limit, found[:limit]
        if backwards:
            found.reverse()
            has_next, has_previous = bool(found), more
        else:
            has_next, has_previous = more, position is not None and bool(found)
        url = request.build_absolute_uri()
        if found:
            self.next_url = _url(url, fields, found[-1], "n") if has_next else None
            self.previous_url = _url(url, fields, found[0], "p") if has_previous else None
        elif position is not None:
            # Past either end (what was there has moved or gone): the way back is to begin anew.
            self.previous_url = None if backwards else remove_query_param(url, "cursor")
            self.next_url = remove_query_param(url, "cursor") if backwards else None
        return found

    def paginate_ranked(self, rows: Sequence[R], fields: list[str], request: Request) -> list[R]:
        """Page what is in memory already, in the order of `fields`: a bounded list of ranked results."""
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
                "description": _("From `next` or `previous` of another page."), "schema": {"type": "string"},
            },
            {
                "name": "limit", "in": "query", "required": False,
                "description": _("Rows a page, at most %(limit)d; more is read as that.") % {"limit": MAX_LIMIT},
                "schema": {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT},
            },
        ]  # fmt: skip

    def _position(self, request: Request, fields: list[str]) -> tuple[bool, list[Any] | None]:
        text = request.query_params.get("cursor", "")
        if not text:
            return False, None
        return read_cursor(text, fields)


def limit_from(request: Request) -> int:
    """Return `?limit=`: 1 to MAX_LIMIT, more counts as that. Raises BadRequest for what is no such number."""
    text = request.query_params.get("limit", "")
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        raise BadRequest(
            _("“limit” is a number from 1 to %(limit)d.") % {"limit": MAX_LIMIT}, code="invalid_limit"
        )
    return min(int(text[:9]) if len(text) <= 9 else MAX_LIMIT, MAX_LIMIT)


def read_cursor(text: str, fields: list[str]) -> tuple[bool, list[Any]]:
    """Return (backwards, sort values) of a cursor made for a list in this order. Raises BadRequest otherwise."""
    refusal = BadRequest(
        _("This cursor is not from this list. Begin again without it."), code="invalid_cursor"
    )
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
    return _sort_key(fields, [_value(row, field) for field in fields])


def _sort_key(fields: list[str], values: list[Any]) -> list[Any]:
    """Numbers whose ascending order is that of `fields`."""
    try:
        return [
            -value if field.startswith("-") else value for field, value in zip(fields, values, strict=True)
        ]
    except TypeError:
        raise BadRequest(
            _("This cursor is not from this list. Begin again without it."), code="invalid_cursor"
        ) from None


def _url(url: str, fields: list[str], row: Any, direction: str) -> str:
    values = [_encoded(_value(row, field)) for field in fields]
    cursor = signing.dumps([direction, ",".join(fields), values], salt=SALT)
    return replace_query_param(url, "cursor", cursor)


def _in_order(queryset: QuerySet[M], fields: list[str], *, backwards: bool) -> QuerySet[M]:
    if not backwards:
        return queryset
    return queryset.order_by(*(field[1:] if field.startswith("-") else f"-{field}" for field in fields))


def _after(fields: list[str], values: list[Any], *, backwards: bool) -> Q:
    """Return the condition for rows that come after `values`.

    The first column is bounded on its own as well, redundantly: that is the part an index walks.
    """
    condition, equal = Q(), Q()
    for place, (field, value) in enumerate(zip(fields, values, strict=True)):
        name, downwards = field.lstrip("-"), field.startswith("-") != backwards
        condition |= equal & Q(**{f"{name}__{'lt' if downwards else 'gt'}": value})
        if place == 0:
            bound = Q(**{f"{name}__{'lte' if downwards else 'gte'}": value})
        equal &= Q(**{name: value})
    return bound & condition


def _value(row: Any, field: str) -> Any:
    for name in field.lstrip("-").split("__"):
        row = getattr(row, name)
    return row


def _encoded(value: Any) -> Any:
    return {"t": value.isoformat()} if isinstance(value, datetime) else value


def _decoded(value: Any) -> Any:
    return datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value
