"""Routes about achievements, points, rewards and gifts."""

from __future__ import annotations

from django.urls import path

from community.api import converters  # noqa: F401  (registers <id:...>)
from points.api import rewards
from points.api.achievements import AchievementList
from points.api.gifts import ProfileGifts

urlpatterns = [
    path("achievements/", AchievementList.as_view(), name="achievement-list"),
    path("profiles/<id:profile_id>/gifts/", ProfileGifts.as_view(), name="gift-give"),
    path("points/", rewards.Points.as_view(), name="points-show"),
    path("points/transactions/", rewards.Transactions.as_view(), name="transaction-list"),
    path("rewards/", rewards.Rewards.as_view(), name="reward-list"),
    path("rewards/<slug:slug>/redeem/", rewards.RewardRedeem.as_view(), name="reward-redeem"),
    path("redemptions/", rewards.Redemptions.as_view(), name="redemption-list"),
    path("redemptions/<id:redemption_id>/code/", rewards.RedemptionCode.as_view(), name="redemption-code"),
    path("redemptions/<id:redemption_id>/order/", rewards.RedemptionOrder.as_view(), name="redemption-order"),
]
