"""Achievements: all there are, and how far the viewer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.schema import lists
from community.api.views import ApiView
from points.models import Achievement
from points.queries.achievements import all_for, cards_for
from profiles.models import Profile

EXAMPLE = {
    "slug": "first-reply", "title": "First spark", "description": "Replied to somebody else’s thread.", "icon": "reply",
    "points": 2,
    "group": "Answering", "level": 1, "how": "Reply to somebody else’s thread.", "secret": False, "share": 38,
    "earned_at": "2026-03-01T09:00:00Z", "progress": {"reached": 1, "of": 1},
}  # fmt: skip


class ProgressSerializer(serializers.Serializer[Any]):
    reached = serializers.IntegerField()
    of = serializers.IntegerField()


@extend_schema_serializer(examples=[OpenApiExample("achievement", value=EXAMPLE)])
class AchievementSerializer(serializers.Serializer[Any]):
    """An achievement as the viewer stands to it. Secret ones are left out until they are earned."""

    slug = serializers.SlugField(source="achievement.slug")
    title = serializers.CharField(source="achievement.title")
    description = serializers.CharField(source="achievement.description")
    icon = serializers.CharField(source="achievement.icon")
    points = serializers.IntegerField(source="achievement.points")
    group = serializers.CharField(source="achievement.group.name")
    level = serializers.IntegerField(source="achievement.level")
    how = serializers.CharField(help_text="What to do for it.")
    secret = serializers.BooleanField(source="achievement.is_secret")
    share = serializers.IntegerField(help_text="Per cent of members who have it.")
    earned_at = serializers.DateTimeField(allow_null=True)
    progress = ProgressSerializer(allow_null=True, help_text="Null for guests.")


class AchievementList(ApiView):
    tag = "achievements"

    @lists(AchievementSerializer)
    def get(self, request: Request) -> Response:
        """List the achievements, group by group; signed in, with what you earned and how far you are."""
        return self.paged(all_for(self.viewer), lambda rows: achievements_data(rows, self.viewer))


def achievements_data(rows: Sequence[Achievement], viewer: Profile | None) -> list[Any]:
    """Return achievements as the API shows them."""
    found = []
    for card in cards_for(viewer, rows):
        one = card.achievement
        reached = one.threshold if card.award is not None else card.reached
        progress = {"reached": reached, "of": one.threshold} if viewer is not None else None
        shown = {"how": card.how, "share": card.share, "earned_at": card.earned_at, "progress": progress}
        found.append(AchievementSerializer({"achievement": one, **shown}).data)
    return found
