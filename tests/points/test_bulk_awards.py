"""Awarding to a pasted list of addresses."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from points.actions.bulk_awards import award_to_many
from points.actions.pasted import LINES
from points.models import Award


def test_each_line_has_its_result(mo, alice, bob, sam, achievement):
    one = achievement("met-us", points=3)
    text = " Alice@Example.com\nalice@example.com;bob@example.com\r\n<nobody@example.com>, sam@example.com\nmo@example.com\n\x00'; DROP"
    lines = award_to_many(mo, one, text)
    assert [(line.text, line.done) for line in lines] == [
        ("alice@example.com", True), ("bob@example.com", True), ("nobody@example.com", False), ("sam@example.com", False),
        ("mo@example.com", False), ("'", False), ("drop", False),
    ]  # fmt: skip
    assert all(line.result for line in lines)
    assert Award.objects.count() == 2


def test_sending_it_again_awards_nobody_twice(mo, alice, achievement):
    one = achievement("met-us", points=3)
    award_to_many(mo, one, "alice@example.com")
    assert [line.done for line in award_to_many(mo, one, "alice@example.com")] == [False]


def test_nothing_too_much_and_nobody_are_refused(mo, alice, achievement):
    one = achievement("met-us")
    for text in ("", " \n , ", "\n".join(f"a{number}@example.com" for number in range(LINES + 1))):
        with pytest.raises(ValidationError):
            award_to_many(mo, one, text)
    for actor in (None, alice):
        with pytest.raises(PermissionDenied):
            award_to_many(actor, one, "alice@example.com")
