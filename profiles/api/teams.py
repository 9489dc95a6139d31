"""Teams in the API, for job listings and staff pages on other sites."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.schema import lists
from community.api.views import ApiView
from profiles.api.serializers import AUTHOR, AuthorSerializer, absolute
from profiles.models import Team, TeamMembership
from profiles.pineapple import verdict_of
from profiles.queries import members_of, members_of_all

EXAMPLE = {
    "slug": "compilers", "name": "Compilers", "tagline": "From text to light.", "crest": None,
    "url": "https://community.example.com/teams/compilers/",
    "members": [
        {**AUTHOR, "title": "Engineer", "is_lead": True, "started_on": "2024-05-01", "location": "Lisbon", "country": "PT"},
    ],
    "pineapple": {
        "verdict": "yes", "words": "Pineapple belongs on pizza.", "yes": 3, "no": 1,
        "rule": "The majority decides, with at least 2 answers. “Prefer not to say” isn’t counted.",
    },
}  # fmt: skip


class MemberSerializer(AuthorSerializer):
    """A team member and their role on the team."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        details = {name: getattr(instance, name) for name in ("title", "is_lead", "started_on")}
        return {**super().to_representation(instance.profile), **details}

    location = serializers.CharField()
    country = serializers.CharField()
    title = serializers.CharField(read_only=True, required=False)
    is_lead = serializers.BooleanField(read_only=True, required=False)
    started_on = serializers.DateField(read_only=True, required=False, allow_null=True)


class VerdictSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=["yes", "no", "tied", "open"])
    words = serializers.CharField()
    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    rule = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("team", value=EXAMPLE)])
class TeamSerializer(serializers.Serializer[Team]):
    """A team with its members. The view sets `members` for a whole page at once."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    tagline = serializers.CharField()
    crest = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    members = MemberSerializer(many=True)
    pineapple = serializers.SerializerMethodField()

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_crest(self, team: Team) -> str | None:
        return absolute(team.crest_url) if team.crest_url else None

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, team: Team) -> str:
        return absolute(team.get_absolute_url())

    @extend_schema_field(VerdictSerializer)
    def get_pineapple(self, team: Team) -> dict[str, Any]:
        rows: list[TeamMembership] = team.members  # type: ignore[attr-defined]
        return dict(VerdictSerializer(verdict_of(row.profile.pineapple_on_pizza for row in rows)).data)


class TeamList(ApiView):
    tag = "teams"

    @lists(TeamSerializer)
    def get(self, request: Request) -> Response:
        """List the teams by name, each with its members, leads first."""
        return self.paged(Team.objects.order_by("id"), _data)


class TeamItem(ApiView):
    tag = "teams"

    @extend_schema(responses=TeamSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read a team: its members, its tagline and its opinion on pineapple. For job listings."""
        team = get_object_or_404(Team, slug=slug)
        team.members = members_of(team)  # type: ignore[attr-defined]
        return Response(TeamSerializer(team).data)


def _data(teams: list[Team]) -> list[Any]:
    rows = members_of_all(teams)
    for team in teams:
        team.members = rows[team.pk]  # type: ignore[attr-defined]
    return list(TeamSerializer(teams, many=True).data)
