"""Arrange the OpenAPI document for a page: sections, operations, fields and examples."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """A parameter or a property: a row of a table."""

    name: str
    kind: str
    required: bool
    description: str
    place: str = ""


@dataclass(frozen=True)
class Answer:
    code: str
    description: str
    fields: list[Field]
    example: str


@dataclass(frozen=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    description: str
    needs_sign_in: bool
    parameters: list[Field]
    body: list[Field]
    body_example: str
    answers: list[Answer]


@dataclass
class Section:
    name: str
    operations: list[Operation] = field(default_factory=list)


def operations_by_tag(spec: dict[str, Any]) -> list[Section]:
    """Return the document's operations under their tags, in the order of their paths."""
    sections: dict[str, Section] = {}
    for path, methods in spec["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                tag = (operation.get("tags") or ["other"])[0]
                sections.setdefault(tag, Section(tag)).operations.append(
                    _operation(spec, path, method, operation)
                )
    return [sections[name] for name in sorted(sections)]


def _operation(spec: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    media = next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})
    schema = media.get("schema", {})
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        needs_sign_in={} not in operation.get("security", [{}]),
        parameters=[_parameter(one) for one in operation.get("parameters", [])],
        body=_fields(spec, schema),
        body_example=_example(media),
        answers=[_answer(spec, code, answer) for code, answer in operation["responses"].items()],
    )


def _parameter(one: dict[str, Any]) -> Field:
    return Field(
        one["name"],
        _kind(one.get("schema", {})),
        one.get("required", False),
        one.get("description", ""),
        one["in"],
    )


def _answer(spec: dict[str, Any], code: str, answer: dict[str, Any]) -> Answer:
    media = next(iter(answer.get("content", {}).values()), {})
    shown = code.startswith("2")
    return Answer(
        code,
        str(answer.get("description", "")),
        _fields(spec, media.get("schema", {})) if shown else [],
        _example(media) if shown else "",
    )


def _fields(spec: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    schema = _resolved(spec, schema)
    required = schema.get("required", [])
    return [
        Field(name, _kind(part), name in required, str(part.get("description", "")))
        for name, part in schema.get("properties", {}).items()
    ]


def _resolved(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and look into the rows of a page of results."""
    while "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    results = schema.get("properties", {}).get("results")
    return _resolved(spec, results["items"]) if results and "items" in results else schema


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) for value in schema["enum"])
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            return " | ".join(_kind(part) for part in schema[key])
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        return " | ".join(kind)
    if kind == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return f"{kind}, {schema['format']}" if "format" in schema else str(kind)


def _example(media: dict[str, Any]) -> str:
    if "example" in media:
        return _pretty(media["example"])
    for example in media.get("examples", {}).values():
        return _pretty(example.get("value"))
    return ""


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
