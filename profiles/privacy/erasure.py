"""Registry of erasers: how each app forgets a person whose account is deleted. Apps on the right fill it in `ready`."""

from __future__ import annotations

from collections.abc import Callable

from profiles.models import Profile

Eraser = Callable[[Profile, bool], None]
_erasers: list[Eraser] = []


def register_eraser(erase: Eraser) -> None:
    """Add `erase(profile, keep_posts)`: remove what names the person or is theirs alone, in the app's own tables.

    What others need (threads, ledger, log) stays under the profile's id. It runs after the person can no longer sign in,
    outside any transaction, and again after a crash: it has to find nothing to do the second time.
    """
    if erase not in _erasers:
        _erasers.append(erase)


def erase_everywhere(profile: Profile, *, keep_posts: bool) -> None:
    """Run every eraser, those of the apps on the right first."""
    for erase in reversed(_erasers):
        erase(profile, keep_posts)
