"""Extension points with several fillers: apps on the right add to them in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from community.lib.registry import Registry
from profiles.http import HttpRequest
from profiles.models import Profile


def everyone(viewer: Profile | None, profile: Profile) -> bool:
    """Show a part of a profile's page to everyone."""
    return True


@dataclass(frozen=True)
class ProfilePart:
    """A tab or header part of a profile's page: `template` shows `context(request, profile)` if `is_open(viewer, profile)`."""

    key: str
    template: str
    context: Callable[[HttpRequest, Profile], dict[str, object]]
    is_open: Callable[[Profile | None, Profile], bool] = everyone
    label: str | Promise = ""


@dataclass(frozen=True)
class ExportFile:
    """One file of a data export: text as it is, anything else as JSON, or a stored file by its storage name."""

    path: str
    content: Any = None
    stored: str = ""


TABS: Registry[ProfilePart] = Registry("tabs of a profile")
HEADER_PARTS: Registry[ProfilePart] = Registry("header parts of a profile")
# Run after each sign-in.
AFTER_SIGN_IN: Registry[Callable[[HttpRequest, Profile], None]] = Registry("actions after sign-in")
# Yield the files of an app: only what the member may see about themselves.
EXPORTERS: Registry[Callable[[Profile], Iterable[ExportFile]]] = Registry("exporters")
# Remove what names the member or is theirs alone, in the app's own tables; `keep_posts` is the second
# argument. What others need (threads, ledger, log) stays under the profile's id. Runs after the member can no
# longer sign in, outside any transaction, and again after a crash, so it must find nothing to do the second
# time.
ERASERS: Registry[Callable[[Profile, bool], None]] = Registry("erasers")


def add_tab(part: ProfilePart, *, place: int) -> None:
    """Add a tab; the lowest `place` comes first."""
    TABS.add(part.key, part, place=place)


def add_header_part(part: ProfilePart, *, place: int) -> None:
    """Add a header part; the lowest `place` comes first."""
    HEADER_PARTS.add(part.key, part, place=place)


def export_files(profile: Profile) -> Iterator[ExportFile]:
    """Yield everything the apps know about the member."""
    for export in EXPORTERS:
        yield from export(profile)


def open_tab(
    key: str, viewer: Profile | None, profile: Profile
) -> tuple[ProfilePart | None, list[ProfilePart]]:
    """Return the requested tab (or the first) and all tabs `viewer` sees."""
    tabs = [tab for tab in TABS if tab.is_open(viewer, profile)]
    return next((tab for tab in tabs if tab.key == key), tabs[0] if tabs else None), tabs


def header_parts(request: HttpRequest, profile: Profile) -> list[dict[str, object]]:
    """Return the template and the context of each header part the viewer sees."""
    return [
        {"template": one.template, "part": one.context(request, profile)}
        for one in HEADER_PARTS
        if one.is_open(request.viewer, profile)
    ]
