"""Reporting and the queue of reports in the API. No answer says who reported."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import MODERATE, SignedIn
from community.api.schema import lists
from community.api.views import ApiView
from community.lib.clients import client_key
from moderation.actions.decisions import claim_report, decide_report, release_report
from moderation.actions.reports import file_report
from moderation.models import Complaint, Report
from moderation.models.reports import DECISIONS
from moderation.permissions import require_moderator
from moderation.queries import reports as reads
from moderation.report_targets import KINDS, find_target
from moderation.rules import CHOICES
from moderation.validation import NOTE_LIMIT, REASON_LIMIT
from profiles.api.idempotency import idempotent
from profiles.api.serializers import AuthorSerializer, absolute

ID = {"min_value": 1, "max_value": 2**63 - 1, "required": False}
CASE = {
    "id": 31, "about": "post:998", "title": "A reply in “Export stops”",
    "url": "https://community.example.com/questions/export-stops/",
    "reason": "kind", "excerpt": "Read the manual first.", "author": None, "opened_at": "2026-03-01T09:00:00Z",
    "due_at": "2026-03-02T09:00:00Z", "report_count": 2, "weight": 1.1, "hidden": False, "claimed_by": None,
    "claimed_until": None,
    "decided_at": None, "outcome": "", "decision": "", "notes": ["Not kind."],
}  # fmt: skip


@extend_schema_serializer(
    examples=[
        OpenApiExample("report", value={"post": 998, "reason": "kind", "note": "Belittles a beginner."})
    ]
)
class NewReportSerializer(serializers.Serializer[Any]):
    """Exactly one of post, thread and profile."""

    post = serializers.IntegerField(**ID)
    thread = serializers.IntegerField(**ID)
    profile = serializers.IntegerField(**ID)
    reason = serializers.ChoiceField(choices=CHOICES, help_text="A rule of the code of conduct.")
    note = serializers.CharField(max_length=NOTE_LIMIT, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that exactly one target is named."""
        if len([kind for kind in KINDS if kind in attrs]) != 1:
            raise serializers.ValidationError(_("Name one of post, thread or profile."))
        return attrs


@extend_schema_serializer(examples=[OpenApiExample("made", value={"id": 52})])
class ReportMadeSerializer(serializers.Serializer[Complaint]):
    id = serializers.IntegerField()


@extend_schema_serializer(examples=[OpenApiExample("report", value=CASE)])
class ReportSerializer(serializers.Serializer[Report]):
    """One reported post, thread or profile with its complaints."""

    id = serializers.IntegerField()
    about = serializers.CharField(source="source_key")
    title = serializers.CharField()
    url = serializers.SerializerMethodField()
    reason = serializers.CharField(
        source="rule", help_text="The rule that was first reported; empty: none yet."
    )
    excerpt = serializers.CharField(help_text="The text when it was first reported.")
    author = AuthorSerializer(source="subject", allow_null=True)
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    report_count = serializers.IntegerField()
    weight = serializers.FloatField()
    hidden = serializers.SerializerMethodField(help_text="Whether reports hid it until a moderator decides.")
    claimed_by = AuthorSerializer(allow_null=True)
    claimed_until = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    decision = serializers.CharField(source="reason", help_text="The reason of the decision.")
    notes = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string"})
    def get_url(self, report: Report) -> str:
        return absolute(report.url) if report.url else ""

    @extend_schema_field({"type": "boolean"})
    def get_hidden(self, report: Report) -> bool:
        return report.hidden_at is not None and report.decided_at is None

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_notes(self, report: Report) -> list[str]:
        return [one.note for one in report.complaints.all() if one.note][: reads.REPORTS_SHOWN]


class ReportsQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=[reads.OPEN, reads.MINE, reads.DECIDED], required=False, default=reads.OPEN
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("claim", value={"claimed": True}),
        OpenApiExample("decide", value={"outcome": "hidden", "reason": "It goes after a person."}),
    ]
)
class ReportPatchSerializer(serializers.Serializer[Any]):
    claimed = serializers.BooleanField(
        required=False, help_text="True: claim it for an hour. False: release it."
    )
    outcome = serializers.ChoiceField(choices=DECISIONS, required=False)
    reason = serializers.CharField(max_length=REASON_LIMIT, required=False, allow_blank=True, default="")


class ReportCreate(ApiView):
    tag = "moderation"
    permission_classes = (SignedIn,)

    @extend_schema(request=NewReportSerializer, responses={201: ReportMadeSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Report a post, a thread or a profile. Only the team learns who reported it."""
        given = self.read(NewReportSerializer)
        kind = next(kind for kind in KINDS if kind in given)
        try:
            target = find_target(kind, given[kind], self.viewer)
        except Http404:
            raise ValidationError({kind: _("Not found. Check the id.")}) from None
        made = file_report(
            self.viewer, target, reason=given["reason"], note=given["note"], address=client_key(request)
        )
        return Response({"id": made.pk}, status=201)


class ModeratorView(ApiView):
    """For moderators only."""

    tag = "moderation"
    permission_classes = (SignedIn,)
    scope = MODERATE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require_moderator(self.viewer)


class ReportList(ModeratorView):
    @lists(ReportSerializer, parameters=[ReportsQuery])
    def get(self, request: Request) -> Response:
        """List open reports, those due first on top, or decided ones."""
        rows = reads.queue(self.viewer, self.query(ReportsQuery)["state"])
        return self.paged(
            rows.prefetch_related("complaints"), lambda found: ReportSerializer(found, many=True).data
        )


class ReportItem(ModeratorView):
    @extend_schema(responses=ReportSerializer)
    def get(self, request: Request, report_id: int) -> Response:
        """Read one report."""
        return self._answer(report_id)

    @extend_schema(request=ReportPatchSerializer, responses=ReportSerializer)
    def patch(self, request: Request, report_id: int) -> Response:
        """Claim or release a report, or close it: `kept` dismisses it, `hidden` and `upheld` uphold it with or without hiding."""
        report, given = self._report(report_id), self.read(ReportPatchSerializer)
        if "claimed" in given:
            (claim_report if given["claimed"] else release_report)(self.viewer, report)
        if "outcome" in given:
            decide_report(self.viewer, report, outcome=given["outcome"], reason=given["reason"])
        return self._answer(report_id)

    def _report(self, pk: int) -> Report:
        rows = Report.objects.visible_to(self.viewer).select_related("subject__team", "claimed_by__team")
        return get_object_or_404(rows.prefetch_related("complaints"), pk=pk)

    def _answer(self, pk: int) -> Response:
        return Response(ReportSerializer(self._report(pk)).data)
