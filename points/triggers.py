"""What earns achievements.

Apps on the right add their triggers in `ready` and call `points.actions.awards.check` in actions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.registry import Registry
from profiles.models import Profile

MANUAL = "manual"
BIO_WRITTEN, PROFILE_COMPLETED, ANNIVERSARY = "bio-written", "profile-completed", "anniversary"
QUESTIONS, REPLIES, SOLUTIONS, PEOPLE_HELPED = "questions", "replies", "solutions", "people-helped"


@dataclass(frozen=True)
class Trigger:
    """`how(threshold)` says what to do; `count(profile_ids)` returns how far people are, without those at 0.

    Without `count` its achievements are awarded by moderators only.
    """

    label: str | Promise
    how: Callable[[int], str]
    count: Callable[[Sequence[int]], dict[int, int]] | None = None


# By the key that an achievement keeps. The app of a key may be gone: read with `get`.
TRIGGERS: Registry[Trigger] = Registry("triggers")


def choices() -> list[tuple[str, str]]:
    """Return every trigger for a form."""
    return [(key, str(TRIGGERS[key].label)) for key in TRIGGERS.names()]


def count(key: str, profile_ids: Sequence[int]) -> dict[int, int]:
    """Return how far each of `profile_ids` is with a trigger, in one query."""
    trigger = TRIGGERS.get(key)
    return trigger.count(profile_ids) if trigger is not None and trigger.count is not None else {}


def counted_keys() -> list[str]:
    """Return the triggers that can be counted."""
    return [key for key in TRIGGERS.names() if TRIGGERS[key].count is not None]


def _bios(profile_ids: Sequence[int]) -> dict[int, int]:
    written = Profile.objects.filter(pk__in=profile_ids).exclude(bio="")
    return dict.fromkeys(written.values_list("pk", flat=True), 1)


def _completed(profile_ids: Sequence[int]) -> dict[int, int]:
    """Find those with a picture, a bio, and one of location, company or a link."""
    fields = ("pk", "location", "company", "links")
    rows = Profile.objects.filter(pk__in=profile_ids).exclude(bio="").exclude(avatar="").values_list(*fields)
    return {
        pk: 1 for pk, location, company, links in rows if location or company or any((links or {}).values())
    }


def _years(profile_ids: Sequence[int]) -> dict[int, int]:
    today = timezone.localdate()
    rows = Profile.objects.filter(pk__in=profile_ids).values_list("pk", "created_at")
    joined = {pk: timezone.localdate(moment) for pk, moment in rows}
    return {
        pk: today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        for pk, day in joined.items()
    }


def _anniversary(years: int) -> str:
    return ngettext("Be a member for a year.", "Be a member for %(count)d years.", years) % {"count": years}


def add_triggers() -> None:
    """Add what profiles alone can count."""
    TRIGGERS.add(
        MANUAL, Trigger(gettext_lazy("Awarded by a moderator"), lambda threshold: _("Awarded by the team."))
    )
    TRIGGERS.add(
        BIO_WRITTEN, Trigger(gettext_lazy("Bio written"), lambda threshold: _("Write your bio."), _bios)
    )
    TRIGGERS.add(
        PROFILE_COMPLETED,
        Trigger(
            gettext_lazy("Profile completed"),
            lambda threshold: _("Add a picture, a bio, and a location, company or link."),
            _completed,
        ),
    )
    TRIGGERS.add(ANNIVERSARY, Trigger(gettext_lazy("Years as a member"), _anniversary, _years))
