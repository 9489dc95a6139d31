"""The links of moderation in the menus, with the number of open tasks."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from community.lib.navigation import Link, add_link
from moderation.queries.waiting import work_once
from profiles.models import Profile
from profiles.navigation import has_moderator_role


def _count(name: str) -> Callable[[Profile | None], int]:
    return lambda viewer: (work_once(viewer) or {}).get(name, 0)


# By place; the tab Points, 70, is that app's.
TABS = {
    10: Link("reports", _("Reports"), "report-list", count=_count("reports")),
    20: Link("sanctions", _("Sanctions"), "sanction-list"),
    30: Link("appeals", _("Appeals"), "appeal-list", count=_count("appeals")),
    40: Link("review", _("Awaiting approval"), "review-list", count=_count("review")),
    50: Link("spam", _("Spam filter"), "spam-figures"),
    60: Link("directory", _("Directory"), "directory-list"),
    80: Link("log", _("Log"), "log-list"),
    90: Link("counts", _("Counts"), "counts-read"),
    100: Link("search", _("Searches"), "search-report"),
}


def add_links() -> None:
    open_work = _count("all")
    add_link(
        "user",
        Link("moderation", _("Moderation"), "report-list", "flag", has_moderator_role, open_work),
        place=80,
    )
    add_link(
        "user", Link("directory", _("Directory"), "directory-list", "users", has_moderator_role), place=90
    )
    for place, link in TABS.items():
        add_link("moderation", link, place=place)
