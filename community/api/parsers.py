"""JSON read strictly: bounded in size and depth, and nothing in it that PostgreSQL cannot store."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, MultiPartParser

from community.api.refusals import BadRequest, TooBig

JSON_BYTES = 512 * 1024  # a body of 30,000 characters, each written as two \u escapes, fits
JSON_DEPTH = 20
UPLOAD_BYTES = 12 * 1024 * 1024  # the form around a picture of the largest size
# The closing quote is optional so that an unfinished string matches at once instead of being tried from every quote in it.
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """Parse a JSON object. Anything else is a 400 with a sentence; too much of it a 413."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        raw = stream.read(JSON_BYTES + 1)
        if len(raw) > JSON_BYTES:
            raise TooBig(
                _("That is too large: a request holds at most %(size)d kB of JSON.")
                % {"size": JSON_BYTES // 1024}
            )
        return parse_object(raw)


class BoundedMultiPartParser(MultiPartParser):
    """Multipart, refused by its stated length before anything is read."""

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
            raise TooBig(
                _("That is too large: a file holds at most %(size)d MB.")
                % {"size": UPLOAD_BYTES // 1024 // 1024}
            )
        try:
            return super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise TooBig(_("That is too large."))


def parse_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in `raw` (empty: {}). Raises BadRequest with a sentence."""
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
        raise BadRequest(_("The JSON cannot be read."), code="parse_error")
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
                    _("The JSON holds characters that cannot be stored: NUL or half of a pair."),
                    code="parse_error",
                )
        elif isinstance(item, dict):
            todo += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            todo += item


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
