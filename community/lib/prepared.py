"""Querysets compiled once: Django makes the SQL of a hot query the first time, later calls bind their values to it.

Making the SQL costs several times what fetching the rows does. The queryset stays the only place that says what is
read, so that permissions written as querysets hold here too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections, models
from django.db.models.query import get_related_populators

# Values nobody stores, told apart by their number, that stand in the compiled SQL's parameters for what is given later.
_INT, _FLOAT, _MOMENT = 2_146_900_000, 7e300, datetime(1800, 1, 1, tzinfo=UTC)
_LONGEST = 512


class Prepared:
    """`Prepared(build)(name=value)` returns `list(build(name=value))`.

    Integers, words, floats, moments and sequences of integers are bound: `build` may put them into the queryset, but
    must not look at them. None and booleans are part of the query's shape. Sequences are padded by repeating their last
    value, so they belong behind `__in`, and they are not empty. Raises TypeError for other kinds of values and
    RuntimeError where the queryset changes a value on its way into SQL (as `contains` does to words).
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self._build = build
        self._plans: dict[tuple[Any, ...], _Plan] = {}

    def __call__(self, **given: Any) -> list[Any]:
        shape = tuple([(name, _shape(value)) for name, value in given.items()])
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = _compile(self._build, given)
        return plan.run(given)

    def first(self, **given: Any) -> Any:
        """Return the first row, or None; `build` sets the limit."""
        return next(iter(self(**given)), None)


def _shape(value: Any) -> Any:
    if value is None or value is True or value is False:
        return value
    if isinstance(value, (list, tuple)):
        if not 0 < len(value) <= _LONGEST:
            raise ValueError(f"1 to {_LONGEST} values can be bound, not {len(value)}")
        return _padded(len(value))
    for kind in (int, str, float, datetime):
        if isinstance(value, kind):
            return kind
    raise TypeError(f"{type(value)} cannot be bound")


def _padded(length: int) -> int:
    return 1 << (length - 1).bit_length()


def _placeholder(value: Any, number: int) -> Any:
    if isinstance(value, int):
        return _INT + number
    if isinstance(value, float):
        return _FLOAT * (1 + number / 1000)
    if isinstance(value, datetime):
        return _MOMENT + timedelta(seconds=number)
    return f"\ue000{number}\ue001"


@dataclass
class _Plan:
    """Compiled SQL, where each value goes, and what makes objects of the rows."""

    alias: str
    sql: str
    parameters: list[Any]
    slots: list[tuple[int, bool, str, int]]  # (parameter, whether in an array, name, place in the sequence)
    converters: list[tuple[int, list[Any], Any]]
    make: Callable[[Any], Any]

    def run(self, given: dict[str, Any]) -> list[Any]:
        parameters = list(self.parameters)
        for position, in_array, name, place in self.slots:
            value = given[name]
            if isinstance(value, (list, tuple)):
                value = value[min(place, len(value) - 1)]
            parameters[position] = [value] if in_array else value
        connection = connections[self.alias]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = cursor.fetchall()
        if self.converters:
            rows = [self._converted(row, connection) for row in rows]
        return [self.make(row) for row in rows]

    def _converted(self, row: tuple[Any, ...], connection: Any) -> list[Any]:
        values = list(row)
        for place, functions, expression in self.converters:
            for function in functions:
                values[place] = function(values[place], expression, connection)
        return values


def _compile(build: Callable[..., models.QuerySet[Any, Any]], given: dict[str, Any]) -> _Plan:
    stand_ins: dict[str, Any] = {}
    names: dict[Any, tuple[str, int]] = {}
    for name, value in given.items():
        if value is None or isinstance(value, bool):
            stand_ins[name] = value
            continue
        many = isinstance(value, (list, tuple))
        values = [
            _placeholder(value[0] if many else value, len(names) + place)
            for place in range(_shape(value) if many else 1)
        ]
        names |= {one: (name, place) for place, one in enumerate(values)}
        stand_ins[name] = values if many else values[0]
    queryset = build(**stand_ins)
    compiler = queryset.query.get_compiler(queryset.db)
    sql, parameters = compiler.as_sql()
    slots = []
    for position, parameter in enumerate(parameters):
        in_array = isinstance(parameter, list) and len(parameter) == 1
        one = parameter[0] if in_array else parameter
        if isinstance(one, (int, float, str, datetime)) and one in names:
            slots.append((position, in_array, *names[one]))
    if {name for _position, _array, name, _place in slots} != {name for name, _place in names.values()}:
        raise RuntimeError(f"Not every value reached the SQL unchanged: {sql}")
    found = compiler.get_converters([column[0] for column in compiler.select])
    converters = [(place, functions, expression) for place, (functions, expression) in found.items()]
    return _Plan(queryset.db, sql, list(parameters), slots, converters, _maker(queryset, compiler))


def _maker(queryset: models.QuerySet[Any, Any], compiler: Any) -> Callable[[Any], Any]:
    """Return what makes a row's object, as Django's ModelIterable does; rows of values_list stay tuples."""
    information = compiler.klass_info
    if queryset._fields is not None or information is None:
        return tuple
    start, end = information["select_fields"][0], information["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    populators = get_related_populators(information, compiler.select, queryset.db)  # type: ignore[call-arg]
    annotations, model, alias = compiler.annotation_col_map or {}, information["model"], queryset.db

    def make(row: Any) -> Any:
        instance = model.from_db(alias, names, row[start:end])
        for populator in populators:
            populator.populate(row, instance)
        for name, place in annotations.items():
            setattr(instance, name, row[place])
        return instance

    return make
