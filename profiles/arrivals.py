"""What happens at the moment somebody has signed in: apps on the right add to it in their `ready`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from profiles.models import Profile

Arrival = Callable[[HttpRequest, Profile], None]
_arrivals: list[Arrival] = []


def on_arrival(call: Arrival) -> None:
    """Call `call(request, profile)` after each sign-in."""
    if call not in _arrivals:
        _arrivals.append(call)


def greet(request: HttpRequest, profile: Profile) -> None:
    """Run every arrival in the order they were added."""
    for call in _arrivals:
        call(request, profile)
