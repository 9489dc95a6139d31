"""The e-mails about reports, sanctions and appeals. Pure: rows in, subject and text out."""

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
    """`title` and `url` are those of the notification."""

    subject: str
    text: str
    title: str
    url: str


CONDUCT = "/pages/code-of-conduct/"
EXCERPT = 300


def to_reporter(report: Report) -> Email:
    """Tell a reporter the outcome, and of the other person no more than anyone can see."""
    outcome = _outcome(report)
    about = _("You reported “%(title)s”.") % {"title": report.title}
    parts = [
        _("Thank you for looking out for others here."),
        about + " " + outcome,
        _("Only the team knows that you reported this."),
    ]
    return Email(
        _("Your report was reviewed"),
        _join(*parts),
        _("Your report: %(what)s") % {"what": outcome},
        report.url or CONDUCT,
    )


def _outcome(report: Report) -> str:
    if report.outcome == Outcome.KEPT:
        return _(
            "We read it carefully. It doesn’t break our rules, so we left it as it is. Thank you for asking."
        )
    if report.kind == "profile" or report.outcome == Outcome.UPHELD:
        return _("It breaks our rules, and we took action.")
    if report.outcome == Outcome.HIDDEN:
        return _("It breaks our rules, so we hid it.")
    if Sanction.objects.filter(report=report, hides_reported=True).exists():
        return _("It breaks our rules. We hid it and contacted its author.")
    return _("It breaks our rules, and we contacted its author.")


def to_author(*reports: Report) -> Email:
    """Tell the author that their post was hidden, by which rule and why. Never names a reporter."""
    report = reports[0]
    parts = [_("Hello,")]
    for one in reports:
        hidden = _("We hid “%(title)s” because it breaks the rule “%(rule)s” of our code of conduct.")
        parts += [hidden % {"title": one.title, "rule": one.rule_title}, one.reason]
    parts += [
        _(
            "You can still see it. If you think we made a mistake, reply to this e-mail or contact a moderator."
        ),
        _link(CONDUCT),
    ]
    title = _("“%(title)s” was hidden: %(rule)s") % {"title": report.title, "rule": report.rule_title}
    return Email(_("Your post was hidden"), _join(*parts), title, report.url or CONDUCT)


def to_reporter_on_reveal(report: Report) -> Email:
    """Tell a reporter that two moderators saw who reported."""
    text = _join(
        _("You reported “%(title)s”.") % {"title": report.title},
        _(
            "To decide it, two moderators together looked up who reported it. The person you reported still doesn’t know."
        ),
        _("We recorded this in our moderation log, and we tell you because it concerns your name."),
    )
    return Email(
        _("Two moderators saw who reported"),
        text,
        _("Two moderators saw who reported"),
        report.url or CONDUCT,
    )


def to_sanctioned(sanction: Sanction, apart: list[str] | None = None) -> Email:
    """Tell a member about a sanction: the post, the rule, the reason, the consequences, the end and how to appeal.

    `apart`: see `consequences`.
    """
    parts = [
        _("Hello %(name)s,") % {"name": sanction.profile.name},
        sanction.explanation,
        reported_post(sanction),
        _("This is about the rule “%(rule)s” of our code of conduct.") % {"rule": sanction.rule_title},
        _("Why we skipped an earlier sanction: %(reason)s") % {"reason": sanction.skip_reason}
        if sanction.skip_reason
        else "",
        *consequences(sanction, apart),
        _("You can appeal. A moderator who took no part in this decision reads your appeal and answers you:"),
        _link(sanction.appeal_url),
    ]
    subject = {
        Kind.CORRECTION: _("A note about your post"),
        Kind.WARNING: _("You received a warning"),
        Kind.TEMPORARY_BAN: _("Your account is suspended"),
        Kind.PERMANENT_BAN: _("Your account is closed"),
    }[Kind(sanction.kind)]
    return Email(subject, _join(*parts), subject, sanction.appeal_url)


def reported_post(sanction: Sanction) -> str:
    """Return title, link and beginning of the reported post, a line each; "" without a report or when it was erased."""
    report = sanction.report
    if report is None or not report.url:
        return ""
    words = Truncator(" ".join(report.excerpt.split())).chars(EXCERPT)
    return "\n".join(
        [
            _("Reported: %(title)s") % {"title": report.title},
            _link(report.url),
            *([f"“{words}”"] if words else []),
        ]
    )


def as_read(sanction: Sanction, apart: list[str] | None = None) -> Email:
    """Return a sanction’s e-mail for the team to read: without the appeal link, which belongs to the member."""
    email = to_sanctioned(sanction, apart)
    return replace(email, text=email.text.replace(sanction.appeal_url, "/appeals/…/"), url="")


def consequences(sanction: Sanction, apart: list[str] | None = None) -> list[str]:
    """Return the consequences, a sentence each. `apart` names the people of no-contact orders that are not saved yet."""
    until = day(sanction)
    if sanction.kind == Kind.CORRECTION:
        said = [_("This is a private note. It stays on your record for 90 days.")]
    elif sanction.kind == Kind.WARNING:
        said = [_("This is a warning. It stays on your record until %(day)s.") % {"day": until}]
    elif sanction.kind == Kind.TEMPORARY_BAN:
        said = [
            _(
                "Until %(day)s you can read here, but you can’t sign in, post or vote. The ban ends automatically."
            )
            % {"day": until}
        ]
    else:
        said = [_("You can still read here, but you can no longer sign in, post or vote.")]
    if sanction.hides_reported:
        said.append(_("The reported post is hidden from others."))
    if sanction.posts_per_day == 0:
        said.append(_("Until then you can’t post."))
    elif sanction.posts_per_day is not None:
        said.append(
            ngettext(
                "Until then you can write %(count)d post per day.", "Until then you can write %(count)d posts per day.",
                sanction.posts_per_day,
            ) % {"count": sanction.posts_per_day}
        )  # fmt: skip
    said += [_apart(name, until) for name in (names_apart(sanction) if apart is None else apart)]
    if sanction.content == Content.HIDDEN:
        said.append(_("Your posts are hidden."))
    if sanction.content == Content.REMOVED:
        said.append(_("Your posts are removed."))
    if sanction.drop_votes:
        said.append(_("Your upvotes are removed."))
    return said


def names_apart(sanction: Sanction) -> list[str]:
    """Return the names of the people of a sanction’s no-contact orders."""
    if not sanction.pk:
        return []
    pairs = sanction.no_contacts.select_related("one", "other")
    return [(pair.other if pair.one_id == sanction.profile_id else pair.one).name for pair in pairs]


DESCRIPTIONS = {
    Kind.CORRECTION: _lazy("A private note on what was wrong. It stays on the record for 90 days."),
    Kind.WARNING: _lazy(
        "Stays on the record for its term. Can include no-contact orders and a limit on posts."
    ),
    Kind.TEMPORARY_BAN: _lazy("They can read, but can’t sign in, post or vote. Ends automatically."),
    Kind.PERMANENT_BAN: _lazy("Closes the account. Keep, hide or remove their posts."),
}


def sanction_kinds() -> list[tuple[str, str, str]]:
    """Return the kinds of sanction for the form: value, name, description."""
    return [(kind.value, str(kind.label), str(said)) for kind, said in DESCRIPTIONS.items()]


def to_apart(sanction: Sanction) -> Email:
    """Tell the other person of a no-contact order what it forbids; not who asked for it, and nothing of the sanction."""
    text = _join(
        _("Hello,"),
        _apart(sanction.profile.name, day(sanction)),
        _("You can both still see each other’s public posts."),
    )
    return Email(
        _("No-contact order"), text, _("No contact with %(name)s") % {"name": sanction.profile.name}, CONDUCT
    )


def to_sanctioned_on_lift(sanction: Sanction) -> Email:
    """Tell a member that their sanction was lifted."""
    what = _("We lifted your sanction: %(kind)s.") % {"kind": sanction.get_kind_display()}
    hello = _("Hello %(name)s,") % {"name": sanction.profile.name}
    text = _join(hello, what, sanction.lift_reason, _undone(sanction), _link("/"))
    return Email(_("Your sanction was lifted"), text, what, "/")


def to_appellant(appeal: Appeal) -> Email:
    """Tell a member the outcome of their appeal."""
    said = (
        _("We rejected your appeal.")
        if appeal.outcome == AppealOutcome.STANDS
        else _("We accepted your appeal and lifted the sanction.")
    )
    text = _join(
        _("Hello %(name)s,") % {"name": appeal.sanction.profile.name},
        _("A moderator who took no part in the decision read your appeal.") + " " + said, appeal.answer,
        _undone(appeal.sanction) if appeal.outcome == AppealOutcome.LIFTED else "",
    )  # fmt: skip
    return Email(
        _("Your appeal was decided"),
        text,
        _("Your appeal: %(what)s") % {"what": said},
        appeal.sanction.appeal_url,
    )


def _undone(sanction: Sanction) -> str:
    if not sanction.hides_reported and sanction.content == Content.KEPT:
        return ""
    return _("Posts that it hid are visible again, unless another decision hides them.")


def day(sanction: Sanction) -> str:
    """Return when a sanction ends, in words."""
    if sanction.ends_at is None:
        return _("further notice")
    return date_format(localtime(sanction.ends_at), "j F Y, H:i e")


def _apart(name: str, until: str) -> str:
    sentence = _(
        "Until %(day)s, you and %(name)s have a no-contact order: no replies to each other and no mentions."
    )
    return sentence % {"day": until, "name": name}


def _link(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
