"""Reports, a sanction and an appeal in the demo community."""

from __future__ import annotations

from collections.abc import Mapping

from forums.models import Post, Thread
from moderation.actions.appeals import appeal
from moderation.actions.decisions import decide_report
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.models import Outcome
from moderation.report_targets import find_target
from profiles.models import Profile


def seed_reports(people: Mapping[str, Profile]) -> None:
    """Add two open reports, a dismissed one, and an appealed correction."""
    tove, sam, jonas, eddie, nell = (people[key] for key in ("tove", "sam", "jonas", "eddie", "nell"))
    advert = Post.objects.filter(body__startswith="There is a coated bucket").first()
    if advert is not None:
        target = find_target("post", advert.pk, tove)
        file_report(tove, target, reason="spam", note="Reads like an advertisement.", limited=False)
        file_report(None, target, reason="spam", address="192.0.2.20", limited=False)
    lights = Thread.objects.filter(subject__startswith="The status light").first()
    if lights is not None:
        file_report(
            sam,
            find_target("thread", lights.pk, sam),
            reason="useful",
            note="Has this not been asked before?",
            limited=False,
        )
    hook = Thread.objects.filter(subject__startswith="Webhook arrives twice").first()
    if hook is not None:
        report = file_report(
            jonas,
            find_target("thread", hook.pk, jonas),
            reason="useful",
            note="Is this a question?",
            limited=False,
        ).report
        decide_report(
            nell, report, outcome=Outcome.KEPT, reason="It is a good question, and it has a good answer."
        )
    given = sanction(
        eddie, people["piet"], NewSanction(kind="correction", rule="kind", explanation=CORRECTION)
    )
    appeal(given, text=APPEAL)


CORRECTION = (
    "Your last reply to Ola said that anybody who reads the leaflet knows this. She had read it, and the leaflet is not clear."
    "\n\n"
    "Say which way the arrow points, and leave out who should have known."
)
APPEAL = "I meant the leaflet, not Ola: I have asked for a better drawing twice. I can say so in the thread if it helps."
