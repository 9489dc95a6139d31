from django.urls import path

from points.views import achievements, gifts, reports, rewards

urlpatterns = [
    path("community/achievements/", achievements.achievement_list, name="achievement-list"),
    path("community/awards/<int:pk>/", achievements.award_show, name="award-show"),
    path("community/profiles/<int:pk>/gifts/", gifts.gift_give, name="gift-give"),
    path("community/points/", rewards.my_points, name="points-mine"),
    path("community/rewards/<slug:slug>/redeem/", rewards.reward_redeem, name="reward-redeem"),
    path("community/redemptions/<int:pk>/order/", rewards.redemption_order, name="redemption-order"),
    path("community/redemptions/<int:pk>/code/", rewards.redemption_code, name="redemption-code"),
    path("moderation/points/", reports.points_report, name="points-report"),
    path("moderation/points/<slug:table>.csv", reports.points_sheet, name="points-sheet"),
]
