"""Who wants to know that a person changed their profile. Apps on the right add theirs in `ready`."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[int], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> None:
    """Call `listener(profile_id)` in the transaction of every change of a profile; it must be quick, and lock nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def changed(profile_id: int) -> None:
    """Tell everybody who wants to know."""
    for listener in _listeners:
        listener(profile_id)
