"""Who hears about what in moderation. What the team decides about somebody cannot be turned off.

Members are told by `profiles`, which stores, delivers and logs. Guests who reported get one mail of their own: `told_at` on the
report says that it went out, and a repeat that SMTP cannot rule out has the same Message-ID.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.lib.mail import html_of
from moderation import emails
from moderation.models import Appeal, AppealOutcome, Outcome, Report, Reporter, Sanction
from moderation.report_targets import current_target
from profiles.actions.notifications import notify
from profiles.mail.emails import MAIL_DOMAIN
from profiles.models import Profile, SkipReason
from profiles.notifications import Composed, Email, EmailBatch, Kind, add_kind

REPORT, SANCTION = "report", "sanction"
# Letters of this name to one person within five minutes are one mail.
HIDDEN = "author"
GROUP_SECONDS = 300
# Sanctions have several letters; each is made again from its row when it is sent.
LETTERS: dict[str, Callable[[int], emails.Email]] = {
    "outcome": lambda pk: emails.to_reporter(Report.objects.get(pk=pk)),
    HIDDEN: lambda pk: emails.to_author(Report.objects.get(pk=pk)),
    "seal": lambda pk: emails.to_reporter_of_seal(Report.objects.get(pk=pk)),
    "given": lambda pk: emails.to_sanctioned(_sanctions().get(pk=pk)),
    "apart": lambda pk: emails.to_apart(_sanctions().get(pk=pk)),
    "lifted": lambda pk: emails.to_sanctioned_on_lift(_sanctions().get(pk=pk)),
    "appeal": lambda pk: emails.to_appellant(
        Appeal.objects.select_related("sanction__profile", "sanction__report").get(pk=pk)
    ),
}
ABOUT = {
    "outcome": "case",
    HIDDEN: "case",
    "seal": "case",
    "given": "sanction",
    "apart": "sanction",
    "lifted": "sanction",
}
Row = TypeVar("Row", Report, Sanction, Appeal)


def add_kinds() -> None:
    """Name the kinds: what came of a report, and what the team decided about oneself."""
    add_kind(Kind(REPORT, _("What came of reports"), fixed=True, compose=compose))
    add_kind(
        Kind(
            SANCTION,
            _("Decisions about you"),
            fixed=True,
            even_suspended=True,
            group_seconds=GROUP_SECONDS,
            first_waits=True,
            compose=compose,
        )
    )


def compose(batches: Sequence[EmailBatch]) -> Mapping[int, Composed]:
    """Make the letters: few go out, so each reads its own rows."""
    return {batch.lead.pk: _letter(batch) for batch in batches}


def notify_report_decided(report_id: int) -> None:
    """Tell the reporters of a decided report what came of it, and the author when something is hidden for it."""
    with transaction.atomic():
        report = _untold(Report, report_id)
        if report is None or report.decided_at is None:
            return
        letter = emails.to_reporter(report)
        _tell_reporters(report, "outcome", letter)
        thing = current_target(report.source_key)
        if report.outcome == Outcome.HIDDEN and thing is not None and thing.is_hidden:
            _tell([thing.author], SANCTION, HIDDEN, report.pk, emails.to_author(report))
        Report.objects.filter(pk=report.pk).update(told_at=timezone.now())
        for guest in _guests(report):
            send(guest.email, letter, f"case:{report.pk}:outcome:{guest.pk}")


def notify_reporters_revealed(report_id: int) -> None:
    """Tell the reporters of a report that two moderators looked at who they are."""
    report = Report.objects.get(pk=report_id)
    letter = emails.to_reporter_of_seal(report)
    _tell_reporters(report, "seal", letter)
    for guest in _guests(report):
        send(guest.email, letter, f"case:{report.pk}:seal:{guest.pk}")


def notify_sanction(sanction_id: int) -> None:
    """Tell the person, and those they keep apart from; or tell them that it is lifted."""
    with transaction.atomic():
        given = _untold(Sanction, sanction_id)
        if given is None:
            return
        if given.lifted_at is not None:
            answered = Appeal.objects.filter(sanction=given, outcome=AppealOutcome.LIFTED).exists()
            if not answered:  # the answer to the appeal says it
                _tell([given.profile], SANCTION, "lifted", given.pk, emails.to_sanctioned_on_lift(given))
        else:
            _tell([given.profile], SANCTION, "given", given.pk, emails.to_sanctioned(given))
            others = [
                pair.other_id if pair.one_id == given.profile_id else pair.one_id
                for pair in given.no_contacts.order_by("pk")
            ]
            _tell(others, SANCTION, "apart", given.pk, emails.to_apart(given))
        Sanction.objects.filter(pk=given.pk).update(told_at=timezone.now())


def notify_appeal_decided(appeal_id: int) -> None:
    """Tell the person what came of their appeal."""
    with transaction.atomic():
        appeal = _untold(Appeal, appeal_id)
        if appeal is None or appeal.decided_at is None:
            return
        _tell([appeal.sanction.profile], SANCTION, "appeal", appeal.pk, emails.to_appellant(appeal))
        Appeal.objects.filter(pk=appeal.pk).update(told_at=timezone.now())


def send(address: str, letter: emails.Email, key: str) -> None:
    """Hand one mail to a guest over. Raises what the backend raises: the caller's row stays untold and the sweep tries again."""
    mail = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        to=[address],
        headers={"Message-ID": _message_id(key), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(_html(letter.text, letter), "text/html")
    mail.send()


def _tell_reporters(report: Report, name: str, letter: emails.Email) -> None:
    profiles = Reporter.objects.filter(report=report, profile__isnull=False).values_list(
        "profile_id", flat=True
    )
    _tell([pk for pk in profiles if pk is not None], REPORT, name, report.pk, letter)


def _guests(report: Report) -> list[Reporter]:
    return list(
        Reporter.objects.filter(report=report, profile=None).exclude(email="").order_by("complaint_id")
    )


def _tell(people: Sequence[Profile | int], kind: str, name: str, pk: int, letter: emails.Email) -> None:
    facts = {"letter": name, "of": pk}
    source = f"{ABOUT.get(name, name)}:{pk}:{name}"
    group = HIDDEN if name == HIDDEN else ""
    notify(people, kind, source_key=source, title=letter.title, url=letter.url, facts=facts, group_key=group)


def _letter(batch: EmailBatch) -> Composed:
    facts = batch.lead.facts
    write = LETTERS.get(str(facts.get("letter")))
    try:
        if len(batch.rows) > 1:
            letter = emails.to_author(
                *Report.objects.filter(pk__in=[row.facts["of"] for row in batch.rows]).order_by("pk")
            )
        else:
            letter = write(int(facts["of"])) if write else None
    except (Report.DoesNotExist, Sanction.DoesNotExist, Appeal.DoesNotExist):
        letter = None
    if letter is None:
        return SkipReason.GONE
    kind = batch.lead.kind
    name = _("What came of reports") if kind == REPORT else _("Decisions about you")
    return Email(letter.subject, letter.text, _html(letter.text, letter), f"kind:{kind}", kind, str(name))


def _html(text: str, letter: emails.Email) -> str:
    site = {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}
    return html_of(text, title=letter.subject, context=site)


def _message_id(key: str) -> str:
    return f"<moderation.{hashlib.sha256(f'{settings.SECRET_KEY}{key}'.encode()).hexdigest()[:32]}@{MAIL_DOMAIN}>"


def _sanctions() -> QuerySet[Sanction]:
    return Sanction.objects.select_related("profile", "report")


def _untold(model: type[Row], pk: int) -> Row | None:
    """Lock a row whose letters have not gone out; None when they have, or when somebody is at it."""
    return (
        model._default_manager.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, told_at=None)
        .first()
    )
