"""Routes about people."""

from __future__ import annotations

from django.urls import path

from community.api import converters  # noqa: F401  (registers <id:...>)
from profiles.api.me import Me
from profiles.api.notifications import NotificationList, NotificationsRead
from profiles.api.profiles import ProfileItem, ProfileList

urlpatterns = [
    path("me/", Me.as_view(), name="me-show"),
    path("notifications/", NotificationList.as_view(), name="notification-list"),
    path("notifications/read/", NotificationsRead.as_view(), name="notification-read"),
    path("profiles/", ProfileList.as_view(), name="profile-list"),
    path("profiles/<id:profile_id>/", ProfileItem.as_view(), name="profile-show"),
]
