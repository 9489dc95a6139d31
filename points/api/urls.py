"""Routes about achievements, points and gifts."""

from __future__ import annotations

from django.urls import path

from community.api import converters  # noqa: F401  (registers <id:...>)
from points.api.achievements import AchievementList
from points.api.gifts import ProfileGifts

urlpatterns = [
    path("achievements/", AchievementList.as_view(), name="achievement-list"),
    path("profiles/<id:profile_id>/gifts/", ProfileGifts.as_view(), name="gift-give"),
]
