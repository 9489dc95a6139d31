"""Points that moderators award."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import MODERATE, SignedIn
from community.api.views import ApiView
from points.actions.gifts import REASON_LIMIT, Wish, give_points
from points.forms import PLAIN_NUMBER
from points.models import Gift, GiftCategory
from points.queries.gifts import left_today, offered_categories, thanked_lately
from profiles.api.idempotency import idempotent
from profiles.api.serializers import absolute
from profiles.models import Profile

BODY = {"points": 25, "reason": "Your report showed us the bug in an hour.", "category": "good-report"}


class PlainIntegerField(serializers.IntegerField):
    """A whole number in the digits 0 to 9. Python reads the digits of every script, and some look alike."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and not PLAIN_NUMBER.fullmatch(data):
            self.fail("invalid")
        return int(super().to_internal_value(data))


@extend_schema_serializer(examples=[OpenApiExample("gift", value=BODY)])
class WishSerializer(serializers.Serializer[Any]):
    points = PlainIntegerField(min_value=1)
    reason = serializers.CharField(max_length=REASON_LIMIT, help_text="A sentence. The member can read it.")
    category = serializers.SlugField(
        required=False, allow_blank=True, help_text="Slug of a category that is offered."
    )


class ThanksSerializer(serializers.Serializer[Any]):
    giver = serializers.CharField(source="giver.name")
    points = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class GiftSerializer(serializers.Serializer[Any]):
    """The transaction of points that a moderator awarded."""

    id = serializers.IntegerField(source="transaction_id")
    kind = serializers.CharField(source="transaction.kind")
    amount = serializers.IntegerField(source="points")
    reason = serializers.CharField()
    category = serializers.CharField(source="category.slug", allow_null=True, default=None)
    created_at = serializers.DateTimeField()
    url = serializers.CharField()
    profile = serializers.IntegerField(source="receiver_id")
    thanked_lately = ThanksSerializer(
        allow_null=True, help_text="The points awarded before these, if it was in the past 30 days."
    )
    left_today = serializers.IntegerField(help_text="Points you can still award today.")


class ProfileGifts(ApiView):
    tag = "points"
    permission_classes = (SignedIn,)
    scope = MODERATE

    @extend_schema(request=WishSerializer, responses={201: GiftSerializer})
    @idempotent
    def post(self, request: Request, profile_id: int) -> Response:
        """Award points to a member (moderators)."""
        profile = get_object_or_404(Profile.objects.visible_to(self.viewer), pk=profile_id)
        given = self.read(WishSerializer)
        wish = Wish(given["points"], _category(given.get("category", "")), given["reason"])
        lately = thanked_lately([profile.pk]).get(profile.pk)
        return Response(
            _data(give_points(self.viewer, profile, wish=wish), wish, self.viewer, lately), status=201
        )


def _category(slug: str) -> GiftCategory | None:
    if not slug:
        return None
    found = next((one for one in offered_categories() if one.slug == slug), None)
    if found is None:
        raise ValidationError({"category": _("Choose a category that is offered.")})
    return found


def _data(gift: Gift, wish: Wish, giver: Profile, lately: Gift | None) -> Any:
    gift.reason, gift.thanked_lately = wish.reason, lately  # type: ignore[attr-defined]
    gift.url, gift.left_today = absolute(f"/community/profiles/{gift.receiver_id}/"), left_today(giver)  # type: ignore[attr-defined]
    return GiftSerializer(gift).data
