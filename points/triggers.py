"""What earns achievements: a registry in code. Apps on the right register theirs in `ready` and call `check` in actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profiles.models import Profile

MANUAL = "manual"
BIO_WRITTEN, PROFILE_COMPLETED, ANNIVERSARY = "bio-written", "profile-completed", "anniversary"
QUESTIONS, REPLIES, SOLUTIONS, PEOPLE_HELPED = "questions", "replies", "solutions", "people-helped"
ROADMAP_VOTES, EVENTS_ATTENDED, EVENTS_LED, EVENTS_WON = (
    "roadmap-votes",
    "events-attended",
    "events-led",
    "events-won",
)

Counting = Callable[[Sequence[int]], dict[int, int]]


@dataclass(frozen=True)
class Trigger:
    """`how(threshold)` says in a sentence what to do; `count(profile_ids)` says how far people are, missing ones being at 0.

    Without `count` nobody can look it up: it is awarded by hand, or when an action says how far somebody came.
    """

    key: str
    label: str | Promise
    how: Callable[[int], str]
    count: Counting | None = None


_triggers: dict[str, Trigger] = {}


def register(trigger: Trigger) -> None:
    """Add a trigger, or put one that can count in the place of one that cannot."""
    _triggers[trigger.key] = trigger


def find(key: str) -> Trigger | None:
    """Return a trigger; None when the app that brought it is gone."""
    return _triggers.get(key)


def choices() -> list[tuple[str, str]]:
    """Return every trigger for a form."""
    return [(trigger.key, str(trigger.label)) for trigger in _triggers.values()]


def count(key: str, profile_ids: Sequence[int]) -> dict[int, int]:
    """Return how far each of `profile_ids` is with a trigger: one query for all of them."""
    trigger = find(key)
    return trigger.count(profile_ids) if trigger is not None and trigger.count is not None else {}


def counted_keys() -> list[str]:
    """Return the triggers that can be looked up."""
    return [trigger.key for trigger in _triggers.values() if trigger.count is not None]


def _bios(profile_ids: Sequence[int]) -> dict[int, int]:
    return dict.fromkeys(
        Profile.objects.filter(pk__in=profile_ids).exclude(bio="").values_list("pk", flat=True), 1
    )


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
    born = {pk: timezone.localdate(moment) for pk, moment in rows}
    return {
        pk: today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        for pk, day in born.items()
    }


def _anniversary(years: int) -> str:
    return ngettext("Be here for a year.", "Be here for %(count)d years.", years) % {"count": years}


def _votes(count: int) -> str:
    return ngettext("Vote on the roadmap.", "Vote for %(count)d items of the roadmap.", count) % {
        "count": count
    }


def _attended(count: int) -> str:
    return ngettext("Come to an event.", "Come to %(count)d events.", count) % {"count": count}


def _led(count: int) -> str:
    return ngettext("Lead an event.", "Lead %(count)d events.", count) % {"count": count}


def _won(count: int) -> str:
    return ngettext("Win at an event.", "Win at %(count)d events.", count) % {"count": count}


def register_own() -> None:
    """Register what profiles tell, and the names that roadmap and events count for."""
    for trigger in (
        Trigger(MANUAL, gettext_lazy("Given by hand"), lambda threshold: _("The team gives this one.")),
        Trigger(
            BIO_WRITTEN,
            gettext_lazy("Bio written"),
            lambda threshold: _("Write something about yourself."),
            _bios,
        ),
        Trigger(
            PROFILE_COMPLETED,
            gettext_lazy("Profile completed"),
            lambda threshold: _("Add a picture, a bio, and where you are, work or write."),
            _completed,
        ),
        Trigger(ANNIVERSARY, gettext_lazy("Years here"), _anniversary, _years),
        Trigger(ROADMAP_VOTES, gettext_lazy("Votes on the roadmap"), _votes),
        Trigger(EVENTS_ATTENDED, gettext_lazy("Events attended"), _attended),
        Trigger(EVENTS_LED, gettext_lazy("Events led"), _led),
        Trigger(EVENTS_WON, gettext_lazy("Events won"), _won),
    ):
        register(trigger)
