"""Points as the API shows them. A code is shown to its owner, an address to nobody."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from points.models import Kind, RewardKind

URL = "https://community.example.com"


class NextRewardSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    price = serializers.IntegerField()
    missing = serializers.IntegerField(help_text="Points still to earn; 0 when it is in reach.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "points",
            value={"balance": 40, "next_reward": {"slug": "mug", "title": "Mug", "price": 60, "missing": 20}},
        )
    ]
)
class PointsSerializer(serializers.Serializer[Any]):
    balance = serializers.IntegerField(help_text="Below zero when what was spent was taken back since.")
    next_reward = NextRewardSerializer(allow_null=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "transaction",
            value={
                "id": 12, "kind": "reply", "amount": 1, "withheld": 0, "title": "A reply", "reason": "Why is the export empty?",
                "created_at": "2026-05-04T10:00:00Z", "url": f"{URL}/questions/why-is-the-export-empty/#post-7",
                "code": None, "code_url": None,
            },
        )
    ]
)  # fmt: skip
class TransactionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    amount = serializers.IntegerField()
    withheld = serializers.IntegerField(help_text="Points that the day's limit kept back.")
    title = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    url = serializers.URLField(allow_null=True)
    code = serializers.CharField(
        allow_null=True, help_text="Always null in lists: POST to `code_url` to see it."
    )
    code_url = serializers.URLField(
        allow_null=True, help_text="Where a POST shows the code of a redeemed credit."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "reward",
            value={
                "slug": "mug", "title": "Mug", "kind": "product", "summary": "Survives desks.", "price": 60, "available": True,
                "missing": 20, "needs_address": True,
            },
        )
    ]
)  # fmt: skip
class RewardSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="reward.slug")
    title = serializers.CharField(source="reward.title")
    kind = serializers.ChoiceField(source="reward.kind", choices=RewardKind.choices)
    summary = serializers.CharField(source="reward.summary", allow_blank=True)
    price = serializers.IntegerField(source="reward.price")
    available = serializers.BooleanField(help_text="Whether you can have it now, once you have the points.")
    missing = serializers.IntegerField()
    needs_address = serializers.BooleanField(source="reward.needs_address")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "redemption",
            value={
                "id": 3, "reward": "voucher", "title": "Voucher", "price": 60, "state": "fulfilled",
                "created_at": "2026-05-04T10:00:00Z", "code": "SHOP-7Q4M", "order_url": None,
                "code_url": f"{URL}/api/v1/redemptions/3/code/",
                "store_url": "https://shop.example.com/discount/SHOP-7Q4M",
            },
        )
    ]
)  # fmt: skip
class RedemptionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    reward = serializers.CharField()
    title = serializers.CharField()
    price = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["reserved", "fulfilled", "refunded"])
    created_at = serializers.DateTimeField()
    code = serializers.CharField(
        allow_null=True, help_text="In the answers to redeeming and to `code_url`; null in lists."
    )
    code_url = serializers.URLField(
        allow_null=True, help_text="Where a POST shows the code of a redeemed credit."
    )
    store_url = serializers.CharField(
        allow_null=True, help_text="Where the code is used, with the code in it."
    )
    order_url = serializers.URLField(
        allow_null=True, help_text="Where the address is to be PUT, for what is posted."
    )


class RedeemSerializer(serializers.Serializer[Any]):
    price = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="What you agreed to; refused when another is asked by now.",
    )


class AddressSerializer(serializers.Serializer[Any]):
    """Where a parcel goes. What cannot arrive is the action's to refuse."""

    name = serializers.CharField()
    address_line1 = serializers.CharField()
    address_line2 = serializers.CharField(required=False, allow_blank=True, default="")
    city = serializers.CharField()
    region = serializers.CharField(required=False, allow_blank=True, default="")
    postal_code = serializers.CharField(required=False, allow_blank=True, default="")
    country = serializers.CharField(help_text="Two letters.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "order",
            value={
                "redemption": 3,
                "state": "ordered",
                "placed_at": "2026-05-04T10:00:00Z",
                "sent_at": None,
                "tracking": "",
            },
        )
    ]
)
class OrderSerializer(serializers.Serializer[Any]):
    """An order. The address is not told again."""

    redemption = serializers.IntegerField()
    state = serializers.ChoiceField(
        choices=["waiting", "ordered", "sent"], help_text="waiting: for the address."
    )
    placed_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    tracking = serializers.CharField(allow_blank=True)
