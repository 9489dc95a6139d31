"""Notifications of reports, sanctions and appeals. Decisions about a member cannot be turned off.

`profiles` stores, delivers and logs those of members. Guests who reported get an e-mail directly: `told_at` of the report says
that it was sent, and a repeat that SMTP cannot rule out has the same Message-ID.
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
# E-mails of this name to one person within five minutes become one.
HIDDEN = "author"
GROUP_SECONDS = 300
# By name: each e-mail is composed from its row when it is sent.
COMPOSERS: dict[str, Callable[[int], emails.Email]] = {
    "outcome": lambda pk: emails.to_reporter(Report.objects.get(pk=pk)),
    HIDDEN: lambda pk: emails.to_author(Report.objects.get(pk=pk)),
    "seal": lambda pk: emails.to_reporter_on_reveal(Report.objects.get(pk=pk)),
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
    """Register the kinds: decided reports, and decisions about the member."""
    add_kind(Kind(REPORT, _("Outcomes of your reports"), fixed=True, compose=compose))
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
    """Compose the e-mails: few are sent, so each reads its own rows."""
    return {batch.lead.pk: _compose(batch) for batch in batches}


def notify_report_decided(report_id: int) -> None:
    """Notify the reporters of the outcome, and the author when the report hid something."""
    with transaction.atomic():
        report = _untold(Report, report_id)
        if report is None or report.decided_at is None:
            return
        email = emails.to_reporter(report)
        _tell_reporters(report, "outcome", email)
        thing = current_target(report.source_key)
        if report.outcome == Outcome.HIDDEN and thing is not None and thing.is_hidden:
            _tell([thing.author], SANCTION, HIDDEN, report.pk, emails.to_author(report))
        Report.objects.filter(pk=report.pk).update(told_at=timezone.now())
        for guest in _guests(report):
            send(guest.email, email, f"case:{report.pk}:outcome:{guest.pk}")


def notify_reporters_revealed(report_id: int) -> None:
    """Notify the reporters that two moderators saw who they are."""
    report = Report.objects.get(pk=report_id)
    email = emails.to_reporter_on_reveal(report)
    _tell_reporters(report, "seal", email)
    for guest in _guests(report):
        send(guest.email, email, f"case:{report.pk}:seal:{guest.pk}")


def notify_sanction(sanction_id: int) -> None:
    """Notify the member and the people of no-contact orders, or the member that it was lifted."""
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
    """Notify the member of the outcome of their appeal."""
    with transaction.atomic():
        appeal = _untold(Appeal, appeal_id)
        if appeal is None or appeal.decided_at is None:
            return
        _tell([appeal.sanction.profile], SANCTION, "appeal", appeal.pk, emails.to_appellant(appeal))
        Appeal.objects.filter(pk=appeal.pk).update(told_at=timezone.now())


def send(to: str, email: emails.Email, key: str) -> None:
    """Send one e-mail to a guest. Raises what the backend raises: the caller’s row stays untold and the sweep tries again."""
    mail = EmailMultiAlternatives(
        email.subject,
        email.text,
        to=[to],
        headers={"Message-ID": _message_id(key), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(_html(email), "text/html")
    mail.send()


def _tell_reporters(report: Report, name: str, email: emails.Email) -> None:
    profiles = Reporter.objects.filter(report=report, profile__isnull=False).values_list(
        "profile_id", flat=True
    )
    _tell([pk for pk in profiles if pk is not None], REPORT, name, report.pk, email)


def _guests(report: Report) -> list[Reporter]:
    return list(
        Reporter.objects.filter(report=report, profile=None).exclude(email="").order_by("complaint_id")
    )


def _tell(people: Sequence[Profile | int], kind: str, name: str, pk: int, email: emails.Email) -> None:
    facts = {"letter": name, "of": pk}
    source = f"{ABOUT.get(name, name)}:{pk}:{name}"
    group = HIDDEN if name == HIDDEN else ""
    notify(people, kind, source_key=source, title=email.title, url=email.url, facts=facts, group_key=group)


def _compose(batch: EmailBatch) -> Composed:
    facts = batch.lead.facts
    write = COMPOSERS.get(str(facts.get("letter")))
    try:
        if len(batch.rows) > 1:
            email = emails.to_author(
                *Report.objects.filter(pk__in=[row.facts["of"] for row in batch.rows]).order_by("pk")
            )
        else:
            email = write(int(facts["of"])) if write else None
    except (Report.DoesNotExist, Sanction.DoesNotExist, Appeal.DoesNotExist):
        email = None
    if email is None:
        return SkipReason.GONE
    kind = batch.lead.kind
    name = _("Outcomes of your reports") if kind == REPORT else _("Decisions about you")
    return Email(email.subject, email.text, _html(email), f"kind:{kind}", kind, str(name))


def _html(email: emails.Email) -> str:
    site = {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL}
    return html_of(email.text, title=email.subject, context=site)


def _message_id(key: str) -> str:
    return f"<moderation.{hashlib.sha256(f'{settings.SECRET_KEY}{key}'.encode()).hexdigest()[:32]}@{MAIL_DOMAIN}>"


def _sanctions() -> QuerySet[Sanction]:
    return Sanction.objects.select_related("profile", "report")


def _untold(model: type[Row], pk: int) -> Row | None:
    """Lock a row whose notifications were not sent; None when they were, or when another worker holds it."""
    return (
        model._default_manager.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, told_at=None)
        .first()
    )
