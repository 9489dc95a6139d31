"""Achievements, and the viewer's progress towards each."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.schema import lists
from community.api.views import ApiView
from points.queries.achievements import all_for, cards_for


class ProgressSerializer(serializers.Serializer[Any]):
    reached = serializers.IntegerField()
    of = serializers.IntegerField()


class AchievementSerializer(serializers.Serializer[Any]):
    """An achievement with the viewer's progress. Secret ones are left out until they are earned."""

    slug = serializers.SlugField(source="achievement.slug")
    title = serializers.CharField(source="achievement.title")
    description = serializers.CharField(source="achievement.description")
    icon = serializers.CharField(source="achievement.icon")
    points = serializers.IntegerField(source="achievement.points")
    group = serializers.CharField(source="achievement.group.name")
    level = serializers.IntegerField(source="achievement.level")
    how = serializers.CharField(help_text="How to earn it.")
    secret = serializers.BooleanField(source="achievement.is_secret")
    share = serializers.IntegerField(help_text="Percentage of members who earned it.")
    earned_at = serializers.DateTimeField(allow_null=True)
    progress = ProgressSerializer(allow_null=True, help_text="Null for guests.")


class AchievementList(ApiView):
    tag = "achievements"

    @lists(AchievementSerializer)
    def get(self, request: Request) -> Response:
        """List the achievements by group; signed in, with what you earned and your progress."""
        return self.paged(
            all_for(self.viewer),
            lambda rows: AchievementSerializer(cards_for(self.viewer, rows), many=True).data,
        )
