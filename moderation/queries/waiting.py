"""How much open work a moderator has: the numbers in the menu and on the tabs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db.models import Value

from moderation.models import Appeal, Report
from moderation.queries.review import waiting
from profiles.models import Profile
from profiles.permissions import is_moderator

MOST = 100


def work_once(viewer: Profile | None) -> Mapping[str, int] | None:
    """Return `work_for` of a moderator, read once a request; None, without a statement, for everyone else."""
    if viewer is None or not is_moderator(viewer):
        return None
    if not hasattr(viewer, "moderation_work"):
        viewer.moderation_work = work_for(viewer)  # type: ignore[attr-defined]
    return viewer.moderation_work  # type: ignore[attr-defined,no-any-return]


def work_for(viewer: Profile) -> Mapping[str, int]:
    """Return how many reports, appeals and posts awaiting approval `viewer` can decide, and all of them.

    One statement over partial indexes that hold open rows only; counts at most `MOST` of each.
    """
    kinds = {
        "reports": Report.objects.visible_to(viewer).open(),
        "appeals": Appeal.objects.visible_to(viewer).open(),
        "review": waiting(),
    }
    one, *others = [rows.order_by().values_list(Value(name))[:MOST] for name, rows in kinds.items()]
    found = Counter(name for (name,) in one.union(*others, all=True))
    return {**{name: found[name] for name in kinds}, "all": sum(found.values())}
