"""The viewer's points, rewards, redemptions and orders."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import SignedIn
from community.api.schema import lists
from community.api.views import ApiView
from community.lib.sealed import unseal
from points.actions.orders import place_order
from points.actions.redemptions import redeem, reveal_code
from points.api.serializers import (
    AddressSerializer,
    OrderSerializer,
    PointsSerializer,
    RedeemSerializer,
    RedemptionSerializer,
    RewardSerializer,
    TransactionSerializer,
)
from points.models import Redemption
from points.queries.history import HistoryRow, in_words, transactions_of
from points.queries.ledger import balance_of
from points.queries.rewards import cards_for, cards_of, next_card, store_link, visible_rewards
from profiles.api.idempotency import HEADER, idempotent
from profiles.api.serializers import absolute


class PointsView(ApiView):
    """Never cached: it is private."""

    permission_classes = (SignedIn,)
    tag = "points"

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response["Cache-Control"] = "no-store, private"
        return super().finalize_response(request, response, *args, **kwargs)


class Points(PointsView):
    @extend_schema(responses=PointsSerializer)
    def get(self, request: Request) -> Response:
        """Read your balance, and the reward you are saving for."""
        balance, cards = cards_for(self.viewer)
        return Response(PointsSerializer({"balance": balance, "next_reward": next_card(cards)}).data)


class Transactions(PointsView):
    @lists(TransactionSerializer)
    def get(self, request: Request) -> Response:
        """List the points you earned and spent, newest first."""
        return self.paged(
            transactions_of(self.viewer),
            lambda rows: TransactionSerializer(map(_transaction_facts, in_words(rows)), many=True).data,
        )


class Rewards(PointsView):
    tag = "rewards"

    @lists(RewardSerializer)
    def get(self, request: Request) -> Response:
        """List the rewards that you can see."""
        balance = balance_of(self.viewer.pk)
        rewards = visible_rewards(self.viewer).order_by("position", "price", "id")

        return self.paged(
            rewards, lambda rows: RewardSerializer(cards_of(self.viewer, balance, rows), many=True).data
        )


class RewardRedeem(PointsView):
    tag = "rewards"

    @extend_schema(request=RedeemSerializer, responses={201: RedemptionSerializer})
    @idempotent
    def post(self, request: Request, slug: str) -> Response:
        """Spend points on a reward.

        Refused with 409 and one of the codes insufficient_points, out_of_stock, limit_reached, unavailable, price_changed.
        """
        reward = get_object_or_404(visible_rewards(self.viewer), slug=slug)
        price = self.read(RedeemSerializer).get("price")
        redemption = redeem(self.viewer, reward, key=request.headers.get(HEADER, ""), price=price)
        made = _shown(self.viewer).get(pk=redemption.pk)
        code = unseal(made.shown_code.sealed) if made.shown_code else None
        return Response(RedemptionSerializer(_facts(made, code)).data, status=201)


class Redemptions(PointsView):
    tag = "rewards"

    @lists(RedemptionSerializer)
    def get(self, request: Request) -> Response:
        """List what you redeemed, newest first. Codes are shown one at a time: POST to `code_url`."""
        return self.paged(
            _shown(self.viewer).order_by("-id"),
            lambda rows: RedemptionSerializer([_facts(one) for one in rows], many=True).data,
        )


class RedemptionCode(PointsView):
    tag = "rewards"

    @extend_schema(request=None, responses=RedemptionSerializer)
    def post(self, request: Request, redemption_id: int) -> Response:
        """Show the code of a redeemed credit, at most 60 times an hour.

        Each time is logged. After a refund: 409.
        """
        redemption = get_object_or_404(_shown(self.viewer), pk=redemption_id, code__isnull=False)
        return Response(RedemptionSerializer(_facts(redemption, reveal_code(self.viewer, redemption))).data)


class RedemptionOrder(PointsView):
    tag = "rewards"

    @extend_schema(responses=OrderSerializer)
    def get(self, request: Request, redemption_id: int) -> Response:
        """Read the state of an order."""
        return self._answer(redemption_id)

    @extend_schema(request=AddressSerializer, responses=OrderSerializer)
    def put(self, request: Request, redemption_id: int) -> Response:
        """Order a redeemed reward, or change its shipping address until it is sent."""
        redemption = get_object_or_404(_shown(self.viewer), pk=redemption_id)
        place_order(self.viewer, redemption, self.read(AddressSerializer))
        return self._answer(redemption_id)

    def _answer(self, redemption_id: int) -> Response:
        redemption = get_object_or_404(_shown(self.viewer), pk=redemption_id, reward__needs_address=True)
        order = getattr(redemption, "order", None)
        facts = {
            "redemption": redemption.pk,
            "state": order.state if order else "waiting",
            "placed_at": order and order.placed_at,
            "sent_at": order and order.sent_at,
            "tracking": order.tracking if order else "",
        }
        return Response(OrderSerializer(facts).data)


def _shown(viewer: Any) -> QuerySet[Redemption]:
    return Redemption.objects.visible_to(viewer).select_related("reward", "order", "code")


def _facts(redemption: Redemption, code: str | None = None) -> dict[str, Any]:
    """Return the fields of a redemption; `code` only where the request asked to see it."""
    to_order = redemption.reward.needs_address and redemption.refunded_at is None
    order_url = absolute(reverse("api:redemption-order", args=[redemption.pk])) if to_order else None
    return {
        "id": redemption.pk,
        "reward": redemption.reward.slug,
        "title": redemption.title,
        "price": redemption.price,
        "state": redemption.state,
        "created_at": redemption.created_at,
        "code": code,
        "code_url": _code_url(redemption),
        "store_url": (store_link(redemption.reward, code) or None) if code else None,
        "order_url": order_url,
    }


def _code_url(redemption: Redemption | None) -> str | None:
    has_code = redemption is not None and redemption.shown_code
    return absolute(reverse("api:redemption-code", args=[redemption.pk])) if has_code else None


def _transaction_facts(row: HistoryRow) -> dict[str, Any]:
    one = row.transaction
    return {
        "id": one.pk,
        "kind": one.kind,
        "amount": one.amount,
        "withheld": one.withheld,
        "created_at": one.created_at,
        "title": row.title,
        "reason": row.quote or row.note,
        "code": None,
        "code_url": _code_url(row.redemption),
        "url": absolute(row.url) if row.url.startswith("/") else row.url or None,
    }
