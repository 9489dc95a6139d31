"""What moderators do to reports, sanctions and appeals, each verb declared once: page, bulk, admin and log read it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as words

from community.lib.verbs import TARGETS, Target, Verb
from moderation.actions.appeals import decide_appeal
from moderation.actions.decisions import (
    claim_report,
    decide_report,
    release_report,
    request_reveal,
    reveal_reporters,
)
from moderation.actions.sanctions import lift_sanction
from moderation.models import Appeal, AppealOutcome, Outcome, Report, Sanction
from profiles.models import Profile


def claim(actor: Profile | None, report: Report, *, reason: str = "") -> Any:
    return claim_report(actor, report)


def release(actor: Profile | None, report: Report, *, reason: str = "") -> Any:
    return release_report(actor, report)


def reveal(actor: Profile | None, report: Report, *, reason: str = "") -> Any:
    return reveal_reporters(actor, report)


def accept_appeal(actor: Profile | None, appeal: Appeal, *, reason: str) -> Appeal:
    return decide_appeal(actor, appeal, outcome=AppealOutcome.LIFTED, answer=reason)


def reject_appeal(actor: Profile | None, appeal: Appeal, *, reason: str) -> Appeal:
    return decide_appeal(actor, appeal, outcome=AppealOutcome.STANDS, answer=reason)


REPORT = TARGETS.add(
    "report", Target("report", lambda viewer: Report.objects.visible_to(viewer).select_related("subject"))
)
REPORT.add(
    Verb(
        "dismiss", words("Dismiss report"), partial(decide_report, outcome=Outcome.KEPT), words("Report dismissed."),
        "report.decided", words("%(actor)s decided the report %(target)s"), aliases=("kept",), icon="check",
    ),
    Verb(
        "hide", words("Uphold and hide post"), partial(decide_report, outcome=Outcome.HIDDEN),
        words("Report upheld. The post is hidden."), "report.decided", aliases=("hidden",), icon="eye-off",
    ),
    Verb(
        "uphold", words("Uphold without hiding"), partial(decide_report, outcome=Outcome.UPHELD), words("Report upheld."),
        "report.decided", aliases=("upheld",),
    ),
    Verb(
        "claim", words("Claim"), claim, words("Report claimed for one hour."), "report.claimed",
        words("%(actor)s claimed the report %(target)s"),
    ),
    Verb("release", words("Release"), release, words("Report released.")),
    Verb(
        "request-names", words("Request names"), request_reveal, words("Requested. Another moderator can approve it now."),
        "seal.asked", words("%(actor)s requested the names of those who reported %(target)s"), aliases=("ask",),
    ),
    Verb(
        "show-names", words("Show names"), reveal,
        words("You and the moderator who asked can see the names for 24 hours. The reporters are notified."), "seal.opened",
        words("%(actor)s approved showing the names of those who reported %(target)s"), aliases=("open",),
    ),
)  # fmt: skip
SANCTION = TARGETS.add(
    "sanction",
    Target("sanction", lambda viewer: Sanction.objects.visible_to(viewer).select_related("profile")),
)
SANCTION.add(
    Verb(
        "lift", words("Lift sanction"), lift_sanction, words("Sanction lifted. The member is notified."), "sanction.lifted",
        words("%(actor)s lifted a sanction of %(target)s"),
    ),
)  # fmt: skip
APPEAL = TARGETS.add("appeal", Target("appeal", lambda viewer: Appeal.objects.visible_to(viewer)))
APPEAL.add(
    Verb(
        "accept", words("Accept appeal"), accept_appeal, words("Appeal accepted."), "appeal.decided",
        words("%(actor)s decided the appeal of %(target)s"),
    ),
    Verb("reject", words("Reject appeal"), reject_appeal, words("Appeal rejected."), "appeal.decided"),
)  # fmt: skip
