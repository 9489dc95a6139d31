"""Gifts: a moderator thanks somebody with points."""

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
ANSWER = {
    "id": 41, "kind": "gift", "amount": 25, "reason": BODY["reason"], "category": "good-report",
    "created_at": "2026-03-01T09:00:00Z", "url": "https://community.example.com/community/profiles/7/", "profile": 7,
    "left_today": 475, "thanked_lately": {"giver": "Hana Berg", "points": 10, "created_at": "2026-02-20T09:00:00Z"},
}  # fmt: skip


class PlainIntegerField(serializers.IntegerField):
    """A whole number in the digits 0 to 9. Python reads those of every script, which people mistake for each other."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and not PLAIN_NUMBER.fullmatch(data):
            self.fail("invalid")
        return int(super().to_internal_value(data))


@extend_schema_serializer(examples=[OpenApiExample("gift", value=BODY)])
class WishSerializer(serializers.Serializer[Any]):
    points = PlainIntegerField(min_value=1)
    reason = serializers.CharField(max_length=REASON_LIMIT, help_text="A sentence; the member reads it.")
    category = serializers.SlugField(
        required=False, allow_blank=True, help_text="Slug of a kind of reason that is offered."
    )


class ThanksSerializer(serializers.Serializer[Any]):
    giver = serializers.CharField(source="giver.name")
    points = serializers.IntegerField()
    created_at = serializers.DateTimeField()


@extend_schema_serializer(examples=[OpenApiExample("given", value=ANSWER)])
class GiftSerializer(serializers.Serializer[Any]):
    """The transaction of a gift."""

    id = serializers.IntegerField(source="transaction_id")
    kind = serializers.CharField(source="transaction.kind")
    amount = serializers.IntegerField(source="points")
    reason = serializers.CharField()
    category = serializers.CharField(source="category.slug", allow_null=True, default=None)
    created_at = serializers.DateTimeField()
    url = serializers.CharField()
    profile = serializers.IntegerField(source="receiver_id")
    thanked_lately = ThanksSerializer(
        allow_null=True, help_text="The gift before this one, when it is not long ago."
    )
    left_today = serializers.IntegerField(help_text="Points you may still give today.")


class ProfileGifts(ApiView):
    tag = "points"
    permission_classes = (SignedIn,)
    scope = MODERATE

    @extend_schema(request=WishSerializer, responses={201: GiftSerializer})
    @idempotent
    def post(self, request: Request, profile_id: int) -> Response:
        """Give points to a person (moderators)."""
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
        raise ValidationError({"category": _("There is no such kind of reason.")})
    return found


def _data(gift: Gift, wish: Wish, giver: Profile, lately: Gift | None) -> Any:
    gift.reason, gift.thanked_lately = wish.reason, lately  # type: ignore[attr-defined]
    gift.url, gift.left_today = absolute(f"/community/profiles/{gift.receiver_id}/"), left_today(giver)  # type: ignore[attr-defined]
    return GiftSerializer(gift).data
