"""What the house writes about reports, sanctions and appeals, in its own words. Pure: rows in, subject and text out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from moderation.models import Appeal, AppealOutcome, Content, Kind, Outcome, Report, Sanction


@dataclass(frozen=True)
class Email:
    """`title` is the line in the notification centre, `url` where it leads."""

    subject: str
    text: str
    title: str
    url: str


CONDUCT = "/pages/code-of-conduct/"
EXCERPT = 300


def to_reporter(report: Report) -> Email:
    """Tell somebody who reported what came of it; of the other person, no more than anybody can see."""
    came = _came_of(report)
    about = _("You told us about “%(title)s”.") % {"title": report.title}
    parts = [
        _("Thank you for looking out for the others here."),
        about + " " + came,
        _("Nobody but us knows that you wrote."),
    ]
    return Email(
        _("What came of your report"),
        _join(*parts),
        _("Your report: %(what)s") % {"what": came},
        report.url or CONDUCT,
    )


def _came_of(report: Report) -> str:
    if report.outcome == Outcome.KEPT:
        return _(
            "We read it with care and found nothing against the rules, so it stays. You were right to ask."
        )
    if report.kind == "profile" or report.outcome == Outcome.UPHELD:
        return _("It breaks our rules, and we have acted on it.")
    if report.outcome == Outcome.HIDDEN:
        return _("It breaks our rules, so it is no longer shown.")
    if Sanction.objects.filter(report=report, hides_reported=True).exists():
        return _("It breaks our rules. It is no longer shown, and we have written to its author.")
    return _("It breaks our rules, and we have written to its author.")


def to_author(*reports: Report) -> Email:
    """Tell the author that what they wrote is hidden, by which rule and why. Names nobody who reported."""
    report = reports[0]
    parts = [_("Hello,")]
    for one in reports:
        hidden = _("“%(title)s” is no longer shown: it goes against “%(rule)s” in our code of conduct.")
        parts += [hidden % {"title": one.title, "rule": one.rule_title}, one.reason]
    parts += [
        _(
            "You can still see it yourself. If you think we got this wrong, answer this mail or write to a moderator."
        ),
        _link(CONDUCT),
    ]
    title = _("“%(title)s” is hidden: %(rule)s") % {"title": report.title, "rule": report.rule_title}
    return Email(_("About what you wrote"), _join(*parts), title, report.url or CONDUCT)


def to_reporter_of_seal(report: Report) -> Email:
    """Tell a reporter that two moderators have looked at who reported."""
    text = _join(
        _("You told us about “%(title)s”.") % {"title": report.title},
        _(
            "To decide it, two moderators together looked at who reported it. The person you reported still does not know."
        ),
        _("This is written down in our log. You hear of it because it is your name."),
    )
    return Email(
        _("Two moderators looked at who reported"),
        text,
        _("Two moderators looked at who reported"),
        report.url or CONDUCT,
    )


def to_sanctioned(sanction: Sanction, apart: list[str] | None = None) -> Email:
    """Tell somebody of a sanction: which post, the rule, what was wrong, what happens now, until when, how to appeal.

    `apart`: see `consequences`.
    """
    parts = [
        _("Hello %(name)s,") % {"name": sanction.profile.name},
        sanction.explanation,
        reported_post(sanction),
        _("The rule is “%(rule)s” in our code of conduct.") % {"rule": sanction.rule_title},
        _("Why we skip an earlier wanted: %(reason)s") % {"reason": sanction.skip_reason}
        if sanction.skip_reason
        else "",
        *consequences(sanction, apart),
        _("You can appeal. Somebody who had no part in this reads what you write and answers you:"),
        _link(sanction.appeal_url),
    ]
    subject = {
        Kind.CORRECTION: _("A note about what you wrote"),
        Kind.WARNING: _("A warning"),
        Kind.TEMPORARY_BAN: _("Your account is suspended for a time"),
        Kind.PERMANENT_BAN: _("Your account is closed"),
    }[Kind(sanction.kind)]
    return Email(subject, _join(*parts), subject, sanction.appeal_url)


def reported_post(sanction: Sanction) -> str:
    """Return title, link and first words of the reported post, a line each; nothing without a report or when it was erased."""
    report = sanction.report
    if report is None or not report.url:
        return ""
    words = Truncator(" ".join(report.excerpt.split())).chars(EXCERPT)
    return "\n".join(
        [
            _("About: %(title)s") % {"title": report.title},
            _link(report.url),
            *([f"“{words}”"] if words else []),
        ]
    )


def as_read(sanction: Sanction, apart: list[str] | None = None) -> Email:
    """Return the letter of a step for the team's eyes: without the address that stands for the person."""
    letter = to_sanctioned(sanction, apart)
    return replace(letter, text=letter.text.replace(sanction.appeal_url, "/appeals/…/"), url="")


def consequences(sanction: Sanction, apart: list[str] | None = None) -> list[str]:
    """Return what happens now, a sentence each. `apart` names those to keep apart from before the rows are there."""
    until = day(sanction)
    if sanction.kind == Kind.CORRECTION:
        said = [_("This is a private note. It counts for 90 days.")]
    elif sanction.kind == Kind.WARNING:
        said = [_("This is a warning. It stays on your record until %(day)s.") % {"day": until}]
    elif sanction.kind == Kind.TEMPORARY_BAN:
        said = [
            _("Until %(day)s you can read here but not sign in, write or vote. It ends by itself.")
            % {"day": until}
        ]
    else:
        said = [_("You can read here, but not sign in, write or vote any more.")]
    if sanction.hides_reported:
        said.append(_("The reported post is no longer shown to others."))
    if sanction.posts_per_day == 0:
        said.append(_("Until then you cannot write."))
    elif sanction.posts_per_day is not None:
        said.append(
            ngettext(
                "Until then you can write %(count)d post a day.", "Until then you can write %(count)d posts a day.",
                sanction.posts_per_day,
            ) % {"count": sanction.posts_per_day}
        )  # fmt: skip
    said += [_apart(name, until) for name in (names_apart(sanction) if apart is None else apart)]
    if sanction.content == Content.HIDDEN:
        said.append(_("What you wrote is no longer shown."))
    if sanction.content == Content.REMOVED:
        said.append(_("What you wrote is removed."))
    if sanction.drop_votes:
        said.append(_("The votes you gave are taken back."))
    return said


def names_apart(sanction: Sanction) -> list[str]:
    """Return the names of those the sanctioned person keeps apart from."""
    if not sanction.pk:
        return []
    pairs = sanction.no_contacts.select_related("one", "other")
    return [(pair.other if pair.one_id == sanction.profile_id else pair.one).name for pair in pairs]


LADDER = {
    Kind.CORRECTION: _lazy("A private note on what was wrong. It counts for 90 days."),
    Kind.WARNING: _lazy(
        "Stays on the record for its term. It can forbid contact with others, and limit or pause posting."
    ),
    Kind.TEMPORARY_BAN: _lazy("Can read, but not sign in, write or vote. It ends by itself."),
    Kind.PERMANENT_BAN: _lazy("The account is closed. What they wrote stays, is hidden, or is removed."),
}


def sanction_kinds() -> list[tuple[str, str, str]]:
    """Return the steps of the ladder for its form: value, name, what follows."""
    return [(kind.value, str(kind.label), str(said)) for kind, said in LADDER.items()]


def to_apart(sanction: Sanction) -> Email:
    """Tell the other side of a no-contact order the rule, not who asked for it and nothing of the sanction."""
    text = _join(
        _("Hello,"),
        _apart(sanction.profile.name, day(sanction)),
        _("You both still see what the other writes in public."),
    )
    return Email(
        _("Keeping apart"), text, _("You and %(name)s keep apart") % {"name": sanction.profile.name}, CONDUCT
    )


def to_sanctioned_on_lift(sanction: Sanction) -> Email:
    """Tell somebody that a sanction is lifted before its time."""
    what = _("“%(wanted)s” is lifted.") % {"step": sanction.get_kind_display()}
    hello = _("Hello %(name)s,") % {"name": sanction.profile.name}
    text = _join(hello, what, sanction.lift_reason, _undone(sanction), _link("/"))
    return Email(_("Lifted: %(wanted)s") % {"step": sanction.get_kind_display()}, text, what, "/")


def to_appellant(appeal: Appeal) -> Email:
    """Tell somebody what came of their appeal."""
    said = (
        _("The decision stands.") if appeal.outcome == AppealOutcome.STANDS else _("The decision is lifted.")
    )
    text = _join(
        _("Hello %(name)s,") % {"name": appeal.sanction.profile.name},
        _("Somebody who had no part in it has read your appeal.") + " " + said, appeal.answer,
        _undone(appeal.sanction) if appeal.outcome == AppealOutcome.LIFTED else "",
    )  # fmt: skip
    return Email(
        _("What came of your appeal"),
        text,
        _("Your appeal: %(what)s") % {"what": said},
        appeal.sanction.appeal_url,
    )


def _undone(sanction: Sanction) -> str:
    if not sanction.hides_reported and sanction.content == Content.KEPT:
        return ""
    return _("What it hid is shown again, unless another decision hides it.")


def day(sanction: Sanction) -> str:
    """Return the last day of a sanction in words, or that it has none."""
    if sanction.ends_at is None:
        return _("further notice")
    return date_format(localtime(sanction.ends_at), "j F Y, H:i e")


def _apart(name: str, until: str) -> str:
    sentence = _("Until %(day)s, you and %(name)s keep apart: no replies to each other and no mentions.")
    return sentence % {"day": until, "name": name}


def _link(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
