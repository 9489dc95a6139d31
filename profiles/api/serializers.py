"""Members in the API. E-mail addresses are never included, except one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from profiles.hooks import hooks
from profiles.link_holding import hold_links
from profiles.models import Profile
from profiles.models.profile import Pineapple

AUTHOR = {
    "id": 7,
    "name": "Bob Berg",
    "url": "https://community.example.com/community/profiles/7/",
    "avatar": None,
    "level": 2,
    "team": {"slug": "compilers", "name": "Compilers"},
    "bot": False,
}


def absolute(path: str) -> str:
    """Return the absolute URL of a page of this site."""
    return f"{settings.SITE_URL}{path}"


class TeamNameSerializer(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("author", value=AUTHOR)])
class AuthorSerializer(serializers.Serializer[Profile]):
    """The author of a post. `url` and `avatar` are null for former members."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.SerializerMethodField()
    avatar = serializers.SerializerMethodField()
    level = serializers.IntegerField()
    team = TeamNameSerializer(allow_null=True)
    bot = serializers.BooleanField(source="is_bot", help_text="Whether a program posts with this account.")

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_url(self, profile: Profile) -> str | None:
        return None if profile.deactivated_at else absolute(profile.get_absolute_url())

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_avatar(self, profile: Profile) -> str | None:
        return absolute(profile.avatar_url) if profile.avatar_url and not profile.deactivated_at else None


class MembershipSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="team.slug")
    name = serializers.CharField(source="team.name")
    title = serializers.CharField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "profile",
            value={
                **{key: AUTHOR[key] for key in ("id", "name", "url", "avatar", "level")},
                "handle": "bob",
                "bio_html": "<p>I answer.</p>",
                "links": {"website": "https://bob.example"},
                "location": "Lisbon",
                "country": "PT",
                "pronouns": "he/him",
                "company": "Example Ltd",
                "company_role": "Engineer",
                "pineapple_on_pizza": "yes",
                "interests": "",
                "products": "",
                "teams": [{"slug": "compilers", "name": "Compilers", "title": "Engineer"}],
                "reputation": 120,
                "achievements": [],
            },
        )
    ]
)
class ProfileSerializer(AuthorSerializer):
    """A profile. `teams` needs `memberships__team` prefetched."""

    team = None  # type: ignore[assignment]
    handle = serializers.CharField()
    bio_html = serializers.CharField()
    links = serializers.DictField(child=serializers.CharField())
    location = serializers.CharField()
    country = serializers.CharField()
    pronouns = serializers.CharField()
    company = serializers.CharField()
    company_role = serializers.CharField()
    pineapple_on_pizza = serializers.ChoiceField(choices=Pineapple.choices)
    interests = serializers.SerializerMethodField(help_text="Empty unless the member made them public.")
    products = serializers.SerializerMethodField(help_text="Empty unless the member made them public.")
    teams = MembershipSerializer(many=True, source="memberships.all")
    reputation = serializers.IntegerField()
    achievements = serializers.SerializerMethodField()

    def get_interests(self, profile: Profile) -> str:
        return profile.interests if profile.shows_interests else ""

    def get_products(self, profile: Profile) -> str:
        return profile.products if profile.shows_interests else ""

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_achievements(self, profile: Profile) -> list[dict[str, Any]]:
        return self.context["achievements"].get(profile.pk, [])  # type: ignore[no-any-return]


class MeSerializer(ProfileSerializer):
    """Your own profile, with the fields only you can see."""

    bio = serializers.CharField()
    interests = serializers.CharField()  # type: ignore[assignment]
    products = serializers.CharField()  # type: ignore[assignment]
    shows_interests = serializers.BooleanField()
    tone = serializers.IntegerField(help_text="Colour of the initials, 1 to 6.")
    email = serializers.EmailField(source="user.email")
    role = serializers.CharField()
    points = serializers.SerializerMethodField()

    @extend_schema_field({"type": "integer"})
    def get_points(self, profile: Profile) -> int:
        return hooks.points_of(profile)


def profiles_data(
    profiles: Sequence[Profile],
    *,
    viewer: Profile | None,
    serializer: type[ProfileSerializer] = ProfileSerializer,
) -> list[Any]:
    """Return the data of profiles as `viewer` may see them, with one query for all achievements."""
    hold_links(viewer, profiles)
    context = {"achievements": hooks.achievements_of([profile.pk for profile in profiles])}
    return list(serializer(profiles, many=True, context=context).data)
