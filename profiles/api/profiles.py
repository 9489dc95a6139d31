"""Public profiles in the API."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.schema import lists
from community.api.views import ApiView
from profiles.api.serializers import ProfileSerializer, profiles_data
from profiles.models import Profile, ProfileQuerySet, TeamMembership


class ProfileQuerySerializer(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, max_length=80, help_text="Part of a name or handle.")
    handle = serializers.CharField(required=False, max_length=40, help_text="Exactly this handle.")


class ProfileList(ApiView):
    tag = "profiles"

    @lists(ProfileSerializer, parameters=[ProfileQuerySerializer])
    def get(self, request: Request) -> Response:
        """List members, oldest first."""
        asked = self.query(ProfileQuerySerializer)
        profiles = shown_profiles(self.viewer).order_by("id")
        if handle := asked.get("handle"):
            profiles = profiles.annotate(lower_handle=Lower("handle")).filter(lower_handle=handle.lower())
        if words := asked.get("q"):
            profiles = profiles.annotate(lower_name=Lower("name"), lower_handle=Lower("handle")).filter(
                Q(lower_name__contains=words.lower()) | Q(lower_handle__contains=words.lower())
            )
        return self.paged(profiles, lambda rows: profiles_data(rows, viewer=self.viewer))


class ProfileItem(ApiView):
    tag = "profiles"

    @extend_schema(responses=ProfileSerializer)
    def get(self, request: Request, profile_id: int) -> Response:
        """Read a member's profile."""
        profile = get_object_or_404(shown_profiles(self.viewer), pk=profile_id)
        return Response(profiles_data([profile], viewer=self.viewer)[0])


def shown_profiles(viewer: Profile | None) -> ProfileQuerySet:
    """Return the profiles `viewer` may see, with their teams."""
    teams = TeamMembership.objects.select_related("team").order_by("team__name")
    return Profile.objects.visible_to(viewer).prefetch_related(Prefetch("memberships", queryset=teams))
