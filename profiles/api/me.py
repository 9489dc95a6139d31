"""One's own profile in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import SignedIn
from community.api.views import ApiView
from profiles.actions.profiles import update_profile
from profiles.api.profiles import shown_profiles
from profiles.api.serializers import MeSerializer, profiles_data
from profiles.models.profile import Pineapple


@extend_schema_serializer(
    examples=[OpenApiExample("me", value={"location": "Lisbon", "links": {"website": "https://bob.example"}})]
)
class MeFormSerializer(serializers.Serializer[Any]):
    """The profile fields to change; fields that are left out stay the same."""

    name = serializers.CharField(required=False)
    handle = serializers.CharField(required=False)
    bio = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="Markdown."
    )
    links = serializers.DictField(
        child=serializers.CharField(allow_blank=True), required=False, help_text="URLs by kind."
    )
    location = serializers.CharField(required=False, allow_blank=True)
    country = serializers.CharField(
        required=False, allow_blank=True, help_text="ISO 3166 code of two letters."
    )
    pronouns = serializers.CharField(required=False, allow_blank=True)
    company = serializers.CharField(required=False, allow_blank=True)
    company_role = serializers.CharField(required=False, allow_blank=True)
    pineapple_on_pizza = serializers.ChoiceField(required=False, choices=Pineapple.choices)
    interests = serializers.CharField(required=False, allow_blank=True)
    products = serializers.CharField(required=False, allow_blank=True)
    shows_interests = serializers.BooleanField(
        required=False, help_text="Whether `interests` and `products` are public."
    )
    tone = serializers.IntegerField(required=False, help_text="Colour of the initials, 1 to 6.")


class Me(ApiView):
    tag = "me"
    permission_classes = (SignedIn,)

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Read your own profile, with your e-mail address, role and points."""
        return self._answer()

    @extend_schema(request=MeFormSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Update your own profile."""
        update_profile(self.viewer, self.viewer, **self.read(MeFormSerializer))
        return self._answer()

    def _answer(self) -> Response:
        profile = shown_profiles(self.viewer).select_related("user").get(pk=self.viewer.pk)
        return Response(profiles_data([profile], viewer=self.viewer, serializer=MeSerializer)[0])
