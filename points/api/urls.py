"""Routes about achievements, points and gifts."""

from __future__ import annotations

from django.urls import path

from points.api.achievements import AchievementList

urlpatterns = [
    path("achievements/", AchievementList.as_view(), name="achievement-list"),
]
