"""What moderation erases with an account, and what it adds to a data export.

That something was reported and decided stays, by ids: others were part of it. What goes are the person's own words, and their
names in everybody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from moderation.models import (
    Appeal,
    Assessment,
    Complaint,
    Evidence,
    Report,
    Reporter,
    RevealRequest,
    Sanction,
    SpamToken,
)
from profiles.models import Profile
from profiles.privacy.account import whole_names
from profiles.registries import ExportFile

ROWS = 10_000


def erase_moderation_traces(profile: Profile, keep_posts: bool) -> None:
    """Erase a person’s complaints, appeals and names in reports and sanctions, and what their posts taught the spam filter."""
    mine = Reporter.objects.filter(profile=profile)
    with transaction.atomic():
        Complaint.objects.filter(pk__in=mine.values("complaint_id")).update(note="", message_id=None)
        mine.update(email="", network="")
        Appeal.objects.filter(sanction__profile=profile).update(text="")
        about = Q(subject=profile)
        Report.objects.filter(source_key=f"profile:{profile.pk}").update(excerpt="")
        if not keep_posts:
            Report.objects.filter(about).update(excerpt="", title="", url="")
            Assessment.objects.filter(author=profile).update(tokens=[], signs=[])
            Evidence.objects.filter(sanction__profile=profile).update(title="")
        names = _names(profile)
        reports = Report.objects.filter(about | _naming(profile, "title", "excerpt", "reason"))
        _take_names_out(reports, names, "title", "excerpt", "reason")
        _take_names_out(
            Complaint.objects.filter(Q(report__subject=profile) | _naming(profile, "note")), names, "note"
        )
        _take_names_out(RevealRequest.objects.filter(report__subject=profile), names, "reason")
        _take_names_out(
            Sanction.objects.filter(profile=profile), names, "explanation", "skip_reason", "lift_reason"
        )
        _take_names_out(Evidence.objects.filter(sanction__profile=profile), names, "title")
        _take_names_out(Appeal.objects.filter(sanction__profile=profile), names, "answer")
        SpamToken.objects.filter(token__in=[name.lower() for name in names]).delete()


def _naming(profile: Profile, *fields: str) -> Q:
    """Rows about others in which the person is called by handle, address or full name."""
    found = Q()
    for name in whole_names(profile):
        for field in fields:
            found |= Q(**{f"{field}__icontains": name})
    return found


def _names(profile: Profile) -> list[str]:
    """Return what the person is called, whole and in words, the longest first."""
    whole = whole_names(profile)
    words = {word for name in whole for word in name.split() if len(word) > 1}
    return sorted(whole | words, key=lambda name: (-len(name), name))


def _take_names_out(rows: QuerySet, names: list[str], *fields: str) -> None:
    """Put “former member” where one of `names` stands as a word; the rest of the text stays."""
    pattern = re.compile(rf"(?<!\w)@?(?:{'|'.join(re.escape(name) for name in names)})(?!\w)", re.IGNORECASE)
    with override(settings.LANGUAGE_CODE):
        instead = _("former member")
    for row in rows.select_for_update(of=("self",)):
        _rewrite(row, pattern, instead, fields)


def _rewrite(row: Model, pattern: re.Pattern[str], instead: str, fields: tuple[str, ...]) -> None:
    changed = [name for name in fields if pattern.search(getattr(row, name))]
    for name in changed:
        setattr(row, name, pattern.sub(instead, getattr(row, name)))
    if changed:
        row.save(update_fields=changed)


def moderation_parts(profile: Profile) -> Iterator[ExportFile]:
    """Yield the member’s complaints, sanctions and appeals. Who reported them stays private."""
    reported = Complaint.objects.filter(reporter__profile=profile).order_by("pk")
    fields = ("report__source_key", "rule", "note", "created_at", "report__outcome", "report__decided_at")
    yield ExportFile("moderation/reports.json", list(reported.values(*fields)[:ROWS]))
    sanctions = Sanction.objects.filter(profile=profile).order_by("pk")
    fields = (
        "kind",
        "rule",
        "explanation",
        "skip_reason",
        "starts_at",
        "ends_at",
        "lifted_at",
        "lift_reason",
    )
    yield ExportFile("moderation/sanctions.json", list(sanctions.values(*fields)[:ROWS]))
    appeals = Appeal.objects.filter(sanction__profile=profile).order_by("pk")
    fields = ("sanction_id", "text", "outcome", "answer", "created_at", "decided_at")
    yield ExportFile("moderation/appeals.json", list(appeals.values(*fields)[:ROWS]))
