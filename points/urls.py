from django.urls import path

from points import views

urlpatterns = [
    path("community/points/", views.my_points, name="points-mine"),
    path("community/rewards/<slug:slug>/redeem/", views.reward_redeem, name="reward-redeem"),
    path("community/redemptions/<int:pk>/order/", views.redemption_order, name="redemption-order"),
    path("community/redemptions/<int:pk>/code/", views.redemption_code, name="redemption-code"),
]
