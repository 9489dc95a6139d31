"""Reports by e-mail to the conduct address: about the first page of ours they link to, or about no target yet."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from community.lib import ratelimit
from community.lib.incoming import Incoming
from forums.models import Thread
from moderation import validation
from moderation.actions.reports import HOUR, add_complaint, network_of, open_report
from moderation.models import Complaint
from moderation.report_targets import EXCERPT, ReportTarget, find_target

MAILS_PER_SENDER_AN_HOUR, MAILS_AN_HOUR = 5, 100
POST = re.compile(r"/questions/post/([0-9]{1,18})/")
REPLY = re.compile(r"/questions/[-\w]{1,120}/[^#\s]{0,40}#post-([0-9]{1,18})")
THREAD = re.compile(r"/questions/([-\w]{1,120})/")
PROFILE = re.compile(r"/community/profiles/([0-9]{1,18})/")


def conduct_address() -> str:
    """Return the e-mail address for reports, or an empty string."""
    return str(settings.CONDUCT_ADDRESS)


def take_report(mail: Incoming) -> None:
    """Turn an e-mail into a report, once however often it arrives. Its sender is private like any reporter.

    A sender can be forged, so the mail counts as a guest's, whoever it says it is from. Raises ValidationError, TooMany.
    """
    ratelimit.check("report-mail", mail.sender or "unknown", limit=MAILS_PER_SENDER_AN_HOUR, seconds=HOUR)
    ratelimit.check("report-mails", "all", limit=MAILS_AN_HOUR, seconds=HOUR)
    said = validation.clean(mail.text[:EXCERPT], "text", EXCERPT)
    title = validation.clean(mail.subject[:200], "subject", 200) or _("An e-mail to the conduct address")
    with transaction.atomic():
        if Complaint.objects.filter(message_id=mail.key).exists():
            return
        target = _named_in(said)
        if target is not None:
            report = open_report(
                target.source_key,
                rule="",
                title=target.title,
                url=target.url,
                excerpt=target.excerpt,
                subject=target.author,
            )
        else:
            report = open_report(
                f"mail:{mail.key[:40]}", rule="", title=title, url="", excerpt=said, subject=None
            )
        note = f"{title}\n\n{said}"[: validation.NOTE_LIMIT]
        add_complaint(
            report,
            None,
            rule="",
            note=note,
            email=mail.sender,
            network=network_of(mail.sender),
            message_id=mail.key,
        )


def _named_in(text: str) -> ReportTarget | None:
    """Return the first public post, thread or profile that the text links to."""
    place = re.search(re.escape(settings.SITE_URL) + r"(\S+)", text)
    path = place[1] if place else ""
    try:
        if found := PROFILE.match(path):
            return find_target("profile", int(found[1]), None)
        if found := POST.match(path):
            return find_target("post", int(found[1]), None)
        if found := REPLY.match(path):
            return find_target("post", int(found[1]), None)
        if found := THREAD.match(path):
            return find_target(
                "thread", Thread.objects.filter(slug=found[1]).values_list("pk", flat=True).first() or 0, None
            )
    except Http404:
        return None
    return None
