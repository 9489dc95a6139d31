"""Points in the API. A code is shown to its owner only, a shipping address to nobody."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from points.models import Kind, RewardKind

URL = "https://community.example.com"


class NextRewardSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="reward.slug")
    title = serializers.CharField(source="reward.title")
    price = serializers.IntegerField(source="reward.price")
    missing = serializers.IntegerField(help_text="Points still to earn; 0 when you have enough.")


class PointsSerializer(serializers.Serializer[Any]):
    balance = serializers.IntegerField(
        help_text="Below zero when points were taken back after you spent them."
    )
    next_reward = NextRewardSerializer(allow_null=True)


class TransactionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    amount = serializers.IntegerField()
    withheld = serializers.IntegerField(help_text="Points not paid because of the daily limit.")
    title = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    url = serializers.URLField(allow_null=True)
    code = serializers.CharField(allow_null=True, help_text="Always null here: POST to `code_url` to see it.")
    code_url = serializers.URLField(
        allow_null=True, help_text="Where a POST shows the code of a redeemed credit."
    )


class RewardSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="reward.slug")
    title = serializers.CharField(source="reward.title")
    kind = serializers.ChoiceField(source="reward.kind", choices=RewardKind.choices)
    summary = serializers.CharField(source="reward.summary", allow_blank=True)
    price = serializers.IntegerField(source="reward.price")
    available = serializers.BooleanField(
        help_text="Whether you can redeem it as soon as you have the points."
    )
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
        allow_null=True, help_text="In the responses to redeeming and of `code_url`; null in lists."
    )
    code_url = serializers.URLField(
        allow_null=True, help_text="Where a POST shows the code of a redeemed credit."
    )
    store_url = serializers.CharField(
        allow_null=True, help_text="Where the code is used, with the code in it."
    )
    order_url = serializers.URLField(
        allow_null=True, help_text="Where to PUT the shipping address, for rewards that are shipped."
    )


class RedeemSerializer(serializers.Serializer[Any]):
    price = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="The price you agreed to; refused if it has changed.",
    )


class AddressSerializer(serializers.Serializer[Any]):
    """A shipping address. The action refuses one that can’t be delivered to."""

    name = serializers.CharField()
    address_line1 = serializers.CharField()
    address_line2 = serializers.CharField(required=False, allow_blank=True, default="")
    city = serializers.CharField()
    region = serializers.CharField(required=False, allow_blank=True, default="")
    postal_code = serializers.CharField(required=False, allow_blank=True, default="")
    country = serializers.CharField(help_text="Two letters, such as DE.")


class OrderSerializer(serializers.Serializer[Any]):
    """An order, without its shipping address."""

    redemption = serializers.IntegerField()
    state = serializers.ChoiceField(
        choices=["waiting", "ordered", "sent"], help_text="`waiting`: the shipping address is missing."
    )
    placed_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    tracking = serializers.CharField(allow_blank=True)
