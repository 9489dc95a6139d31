from django.urls import path
from django.views.generic import RedirectView

from profiles import mail_views, views

urlpatterns = [
    path("community/profiles/<int:pk>/", views.profile_detail, name="profile-detail"),
    path("unsubscribe/<str:token>/", mail_views.unsubscribe_link, name="unsubscribe"),
    path("settings/", RedirectView.as_view(pattern_name="settings-profile"), name="settings"),
    path("settings/profile/", views.profile_settings, name="settings-profile"),
    path("settings/profile/picture/", views.avatar_change, name="settings-avatar"),
    path("settings/security/", views.security_settings, name="settings-security"),
    path("settings/sessions/", views.session_settings, name="settings-sessions"),
    path("settings/api-keys/", views.api_keys, name="settings-keys"),
    path("settings/api-keys/<int:pk>/revoke/", views.api_key_revoke, name="settings-key-revoke"),
]
