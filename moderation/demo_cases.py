"""Reports and a step of the ladder in the demo community, by the same actions as everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from forums.models import Post, Thread
from moderation.actions.appeals import appeal
from moderation.actions.cases import decide_case
from moderation.actions.reports import report
from moderation.actions.sanctions import Step, sanction
from moderation.models import Outcome
from moderation.things import find_thing
from profiles.models import Profile


def seed_cases(people: Mapping[str, Profile]) -> None:
    """Two reports wait, one was found in order, and a correction is appealed."""
    tove, sam, jonas, eddie, nell = (people[key] for key in ("tove", "sam", "jonas", "eddie", "nell"))
    advert = Post.objects.filter(body__startswith="There is a coated bucket").first()
    if advert is not None:
        thing = find_thing("post", advert.pk, tove)
        report(tove, thing, reason="spam", note="Reads like an advertisement.", limited=False)
        report(None, thing, reason="spam", address="192.0.2.20", limited=False)
    lights = Thread.objects.filter(subject__startswith="The status light").first()
    if lights is not None:
        report(
            sam,
            find_thing("thread", lights.pk, sam),
            reason="useful",
            note="Has this not been asked before?",
            limited=False,
        )
    hook = Thread.objects.filter(subject__startswith="Webhook arrives twice").first()
    if hook is not None:
        case = report(
            jonas,
            find_thing("thread", hook.pk, jonas),
            reason="useful",
            note="Is this a question?",
            limited=False,
        ).case
        decide_case(
            nell, case, outcome=Outcome.KEPT, reason="It is a good question, and it has a good answer."
        )
    given = sanction(eddie, people["piet"], Step(kind="correction", clause="kind", explanation=CORRECTION))
    appeal(given, text=APPEAL)


CORRECTION = (
    "Your last reply to Ola said that anybody who reads the leaflet knows this. She had read it, and the leaflet is not clear."
    "\n\n"
    "Say which way the arrow points, and leave out who should have known."
)
APPEAL = "I meant the leaflet, not Ola: I have asked for a better drawing twice. I can say so in the thread if it helps."
