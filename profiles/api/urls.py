"""Routes about people."""

from __future__ import annotations

from django.urls import path

from community.api import converters  # noqa: F401  (registers <id:...>)
from profiles.api.me import Me
from profiles.api.notifications import NotificationList, NotificationsRead
from profiles.api.profiles import ProfileItem, ProfileList
from profiles.api.teams import TeamItem, TeamList

urlpatterns = [
    path("me/", Me.as_view(), name="me-show"),
    path("notifications/", NotificationList.as_view(), name="notification-list"),
    path("notifications/read/", NotificationsRead.as_view(), name="notification-read"),
    path("profiles/", ProfileList.as_view(), name="profile-list"),
    path("profiles/<id:profile_id>/", ProfileItem.as_view(), name="profile-show"),
    path("teams/", TeamList.as_view(), name="team-list"),
    path("teams/<slug:slug>/", TeamItem.as_view(), name="team-show"),
]
