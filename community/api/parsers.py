"""Strict parsers: JSON bounded in size and depth without text PostgreSQL cannot store, and bounded uploads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, MultiPartParser

from community.api.refusals import BadRequest, TooBig

JSON_BYTES = 512 * 1024  # fits a post of 30,000 characters, each written as two \u escapes
JSON_DEPTH = 20
UPLOAD_BYTES = 12 * 1024 * 1024  # fits a form with a picture of the largest size
# The closing quote is optional so that an unfinished string matches at once instead of being tried from every quote in it.
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """Parse a JSON object. Anything else is a 400; a body that is too large is a 413."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        raw = stream.read(JSON_BYTES + 1)
        if len(raw) > JSON_BYTES:
            raise TooBig(_("Send at most %(size)d kB of JSON in one request.") % {"size": JSON_BYTES // 1024})
        return parse_object(raw)


class BoundedMultiPartParser(MultiPartParser):
    """Refuse multipart bodies by their Content-Length, before reading them."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            length = int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > UPLOAD_BYTES:
            raise TooBig(_("Upload a file of at most %(size)d MB.") % {"size": UPLOAD_BYTES // 1024 // 1024})
        try:
            return super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise TooBig(_("The request is too large."))


def parse_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in `raw`, {} when it is empty. Raises BadRequest."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(_("The JSON is not valid UTF-8."), code="parse_error")
    if not text.strip():
        return {}
    _check_depth(text)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadRequest(_("The body is not valid JSON."), code="parse_error")
    if not isinstance(value, dict):
        raise BadRequest(_("Send a JSON object."), code="parse_error")
    _check_strings(value)
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for token in TOKEN.finditer(text):
        char = token.group()
        if char in "[{":
            depth += 1
            if depth > JSON_DEPTH:
                raise BadRequest(_("The JSON is nested too deeply."), code="parse_error")
        elif char in "]}":
            depth -= 1


def _check_strings(value: dict[str, Any]) -> None:
    todo: list[Any] = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            if UNSTORABLE.search(item):
                raise BadRequest(
                    _("The JSON contains characters that can’t be stored: NUL or a lone surrogate."),
                    code="parse_error",
                )
        elif isinstance(item, dict):
            todo += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            todo += item


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
