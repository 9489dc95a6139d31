"""What looks odd about solutions, for the moderators' report of points."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.models import Thread
from points.patterns import PATTERNS, Found, Pattern

SELF_ANSWERS = 3


def register_patterns() -> None:
    """Add what only threads can tell."""
    why = gettext_lazy("This earns no points but makes a profile look busier than it is.")
    PATTERNS.add(
        "self-answers", Pattern(gettext_lazy("People who mark their own replies"), why, _self_answers)
    )


def _self_answers(since: datetime, limit: int) -> list[Found]:
    solved = (
        Thread.objects.filter(solved_at__gte=since, solution__isnull=False, deleted_at=None)
        .order_by()
        .values_list("author")
    )
    own = Count("pk", filter=Q(solution__author=F("author")))
    rows = (
        solved.annotate(own=own, solved=Count("pk"))
        .filter(own__gte=SELF_ANSWERS)
        .order_by("-own", "author")[:limit]
    )
    said = _("%(count)d of %(all)d solutions on own questions")
    return [Found((who,), said % {"count": count, "all": total}, count) for who, count, total in rows]
