"""Sanctions and appeals in the API."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.schema import REFUSALS, lists
from moderation.actions.appeals import decide_appeal
from moderation.actions.sanctions import (
    APART_LIMIT,
    EVIDENCE_LIMIT,
    LONGEST_DAYS,
    POSTS_PER_DAY_LIMIT,
    NewSanction,
    lift_sanction,
    sanction,
)
from moderation.api.reports import ID, ModeratorView
from moderation.models import Appeal, AppealOutcome, Content, Kind, Report, Sanction
from moderation.queries import reports as reads
from moderation.rules import CHOICES
from moderation.validation import EXPLANATION_LIMIT, REASON_LIMIT
from profiles.api.idempotency import idempotent
from profiles.api.serializers import AuthorSerializer
from profiles.models import Profile

STEP = {
    "profile": 7, "kind": "warning", "reason": "kind", "explanation": "You went after a person, not the problem.", "days": 60,
    "apart": [12], "report": 31, "hide": True, "skip_reason": "It was a threat.",
}  # fmt: skip


@extend_schema_serializer(examples=[OpenApiExample("warning", value=STEP)])
class NewSanctionSerializer(serializers.Serializer[Any]):
    profile = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(choices=Kind.choices)
    reason = serializers.ChoiceField(choices=CHOICES, help_text="A rule of the code of conduct.")
    explanation = serializers.CharField(max_length=EXPLANATION_LIMIT, help_text="The member reads this.")
    days = serializers.IntegerField(min_value=1, max_value=LONGEST_DAYS, required=False, allow_null=True)
    apart = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=APART_LIMIT, required=False, default=list,
        help_text="Ids of the profiles of no-contact orders, with a warning.",
    )  # fmt: skip
    posts_per_day = serializers.IntegerField(
        min_value=0, max_value=POSTS_PER_DAY_LIMIT, required=False, allow_null=True
    )
    content = serializers.ChoiceField(
        choices=Content.choices, required=False, default=Content.KEPT, help_text="With a ban."
    )
    drop_votes = serializers.BooleanField(
        required=False, default=False, help_text="With a ban: remove their upvotes."
    )
    evidence = serializers.ListField(
        child=serializers.CharField(max_length=500), max_length=EVIDENCE_LIMIT, required=False, default=list
    )
    report = serializers.IntegerField(**ID, help_text="The report this closes.")
    hide = serializers.BooleanField(
        required=False, default=False, help_text="With a report: hide the reported post."
    )
    skip_reason = serializers.CharField(
        max_length=REASON_LIMIT, required=False, default="", allow_blank=True,
        help_text="Why a milder sanction is skipped; required then. The member reads this.",
    )  # fmt: skip


class SanctionSerializer(serializers.ModelSerializer[Sanction]):
    profile = AuthorSerializer()
    reason = serializers.CharField(source="rule")
    given_by = AuthorSerializer(allow_null=True)
    report = serializers.IntegerField(source="report_id", allow_null=True)
    in_force = serializers.BooleanField(source="is_in_force")

    class Meta:
        model = Sanction
        fields = (
            "id", "profile", "kind", "reason", "explanation", "given_by", "report", "starts_at", "ends_at", "posts_per_day",
            "content", "drop_votes", "hides_reported", "skip_reason", "in_force", "lifted_at", "lift_reason",
        )  # fmt: skip


class SanctionsQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["in_force", "all"], required=False, default="in_force")


@extend_schema_serializer(
    examples=[OpenApiExample("lift", value={"lifted": True, "reason": "It was a misunderstanding."})]
)
class LiftSerializer(serializers.Serializer[Any]):
    lifted = serializers.BooleanField()
    reason = serializers.CharField(max_length=REASON_LIMIT, help_text="The member reads this.")

    def validate_lifted(self, value: bool) -> bool:
        """A lifted sanction can’t be restored."""
        if not value:
            raise serializers.ValidationError(
                _("Only true is possible. To sanction again, create a new sanction.")
            )
        return value


class AppealSerializer(serializers.ModelSerializer[Appeal]):
    sanction = SanctionSerializer()

    class Meta:
        model = Appeal
        fields = ("id", "sanction", "text", "created_at", "due_at", "decided_at", "outcome", "answer")


class AppealsQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["open", "decided"], required=False, default="open")


@extend_schema_serializer(
    examples=[OpenApiExample("answer", value={"outcome": "stands", "answer": "We read it all again."})]
)
class AppealDecisionSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=AppealOutcome.choices)
    answer = serializers.CharField(max_length=EXPLANATION_LIMIT, help_text="The member reads this.")


class SanctionList(ModeratorView):
    @lists(SanctionSerializer, parameters=[SanctionsQuery])
    def get(self, request: Request) -> Response:
        """List sanctions, newest first."""
        rows = reads.sanctions_for(self.viewer, self.query(SanctionsQuery)["state"]).select_related(
            "profile__team", "given_by__team"
        )
        return self.paged(rows, lambda found: SanctionSerializer(found, many=True).data)

    @extend_schema(request=NewSanctionSerializer, responses={201: SanctionSerializer, 404: REFUSALS[404]})
    @idempotent
    def post(self, request: Request) -> Response:
        """Give a sanction. We e-mail the person, and it is in force on their next request."""
        given = self.read(NewSanctionSerializer)
        profile = get_object_or_404(Profile.objects.visible_to(self.viewer), pk=given["profile"])
        made = sanction(self.viewer, profile, _sanction_of(given), report=self._report(given.get("report")))
        return Response(SanctionSerializer(_whole().get(pk=made.pk)).data, status=201)

    def _report(self, pk: int | None) -> Report | None:
        if pk is None:
            return None
        report = Report.objects.visible_to(self.viewer).filter(pk=pk).first()
        if report is None:
            raise ValidationError({"report": _("There is no such report.")})
        return report


class SanctionItem(ModeratorView):
    @extend_schema(responses=SanctionSerializer)
    def get(self, request: Request, sanction_id: int) -> Response:
        """Read one sanction."""
        return self._answer(sanction_id)

    @extend_schema(request=LiftSerializer, responses=SanctionSerializer)
    def patch(self, request: Request, sanction_id: int) -> Response:
        """Lift a sanction and undo what it did."""
        given = get_object_or_404(
            Sanction.objects.visible_to(self.viewer).select_related("profile"), pk=sanction_id
        )
        lift_sanction(self.viewer, given, reason=self.read(LiftSerializer)["reason"])
        return self._answer(sanction_id)

    def _answer(self, pk: int) -> Response:
        return Response(SanctionSerializer(get_object_or_404(_whole().visible_to(self.viewer), pk=pk)).data)


class AppealList(ModeratorView):
    @lists(AppealSerializer, parameters=[AppealsQuery])
    def get(self, request: Request) -> Response:
        """List the appeals you can decide, or those already decided."""
        rows = reads.appeals_for(self.viewer, decided=self.query(AppealsQuery)["state"] == "decided")
        return self.paged(_with_people(rows), lambda found: AppealSerializer(found, many=True).data)


class AppealItem(ModeratorView):
    @extend_schema(responses=AppealSerializer)
    def get(self, request: Request, appeal_id: int) -> Response:
        """Read one appeal."""
        return Response(AppealSerializer(self._appeal(appeal_id)).data)

    @extend_schema(request=AppealDecisionSerializer, responses=AppealSerializer)
    def patch(self, request: Request, appeal_id: int) -> Response:
        """Decide an appeal: `stands` rejects it, `lifted` accepts it and lifts the sanction."""
        decide_appeal(self.viewer, self._appeal(appeal_id), **self.read(AppealDecisionSerializer))
        return Response(AppealSerializer(self._appeal(appeal_id)).data)

    def _appeal(self, pk: int) -> Appeal:
        found: Appeal = get_object_or_404(_with_people(Appeal.objects.visible_to(self.viewer)), pk=pk)
        return found


def _sanction_of(given: dict[str, Any]) -> NewSanction:
    apart = list(Profile.objects.filter(pk__in=given["apart"]))
    if len(apart) != len(set(given["apart"])):
        raise ValidationError({"apart": _("Unknown profile in the list.")})
    return NewSanction(
        kind=given["kind"], rule=given["reason"], explanation=given["explanation"], days=given.get("days"), apart=apart,
        posts_per_day=given.get("posts_per_day"), content=given["content"],
        drop_votes=given["drop_votes"], evidence=given["evidence"], hide=given["hide"], skip_reason=given["skip_reason"],
    )  # fmt: skip


def _whole() -> Any:
    return Sanction.objects.select_related("profile__team", "given_by__team")


def _with_people(rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    return rows.select_related("sanction__profile__team", "sanction__given_by__team")
