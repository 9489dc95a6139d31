"""What compiled templates call while they render. Whatever is not plain and quick is left to Django, to the letter."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from django.template import Context, Variable
from django.template.base import VariableDoesNotExist, render_value_in_context
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime

_without_items: dict[type, bool] = {}
_engine = SimpleNamespace(engine=SimpleNamespace(string_if_invalid=""))


def show(value: Any, context: Context) -> str:
    """Return `value` as it stands in the page, escaped."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return html.escape(value)
    if kind is int:
        return str(value)
    return render_value_in_context(value, context)


def root(context: Context, name: str, missing: Any) -> Any:
    """Return the context's variable `name`."""
    for scope in reversed(context.dicts):
        if name in scope:
            value = scope[name]
            return value if not callable(value) else _slow(context, (name,), missing)
    return _slow(context, (name,), missing) if hasattr(context, name) else missing


def deep(context: Context, name: str, bits: Sequence[str], missing: Any) -> Any:
    """Return `name.bit.bit` of the context."""
    for scope in reversed(context.dicts):
        if name in scope:
            value = scope[name]
            return (
                fetch(value, bits, missing) if not callable(value) else _slow(context, (name, *bits), missing)
            )
    return _slow(context, (name, *bits), missing) if hasattr(context, name) else missing


def fetch(start: Any, bits: Sequence[str], missing: Any) -> Any:
    """Return `start.bit.bit`: items, attributes, calls, in Django's order."""
    current = start
    try:
        for bit in bits:
            kind = type(current)
            plain = _without_items.get(kind)
            if plain is None:
                plain = _without_items[kind] = not hasattr(kind, "__getitem__")
            current = getattr(current, bit) if plain else _item(current, bit)
            if callable(current) and not getattr(current, "do_not_call_in_templates", False):
                current = "" if getattr(current, "alters_data", False) else current()
    except Exception:  # noqa: BLE001  (whatever it was, Django says what becomes of it)
        if current is None:
            return missing
        context = Context({"start": start})
        context.template = _engine  # type: ignore[assignment]
        return _slow(context, ("start", *bits), missing)
    return current


def _item(thing: Any, bit: str) -> Any:
    try:
        return thing[bit]
    except (TypeError, AttributeError, KeyError, ValueError, IndexError):
        return getattr(thing, bit)


def _slow(context: Context, bits: Sequence[str], missing: Any) -> Any:
    try:
        return Variable(".".join(bits)).resolve(context)
    except VariableDoesNotExist:
        return missing


def apply(func: Callable[..., Any], value: Any, arguments: Sequence[Any], context: Context) -> Any:
    """Return `value|func:argument`."""
    if getattr(func, "expects_localtime", False):
        value = template_localtime(value, context.use_tz)
    if getattr(func, "needs_autoescape", False):
        changed = func(value, *arguments, autoescape=context.autoescape)
    else:
        changed = func(value, *arguments)
    return mark_safe(changed) if getattr(func, "is_safe", False) and isinstance(value, SafeData) else changed


def listed(values: Any) -> Any:
    """Return what a loop goes through, as something that has a length."""
    if values is None:
        return ()
    return values if hasattr(values, "__len__") else list(values)


def loop(place: int, length: int, parent: Any) -> dict[str, Any]:
    """Return `forloop`."""
    return {
        "parentloop": parent,
        "counter0": place,
        "counter": place + 1,
        "revcounter": length - place,
        "revcounter0": length - place - 1,
        "first": place == 0,
        "last": place == length - 1,
    }


def compare(test: Callable[[], Any]) -> Any:
    """Return what a comparison says; one that cannot be made is false."""
    try:
        return test()
    except Exception:  # noqa: BLE001  (as in Django: a condition never breaks a page)
        return False
