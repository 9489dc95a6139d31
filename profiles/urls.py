from django.urls import path
from django.views.generic import RedirectView

from profiles.mail import views as mail
from profiles.privacy import views as data
from profiles.views import champions, notifications, people, settings, teams

urlpatterns = [
    path("community/profiles/<int:pk>/", people.profile_detail, name="profile-detail"),
    path("community/notifications/", notifications.notification_list, name="notification-list"),
    path("community/notifications/count/", notifications.notification_count, name="notification-count"),
    path("community/notifications/read/", notifications.notifications_read, name="notifications-read"),
    path(
        "community/notifications/dismiss/", notifications.notifications_dismiss, name="notifications-dismiss"
    ),
    path(
        "community/notifications/<int:pk>/undismiss/",
        notifications.notification_undismiss,
        name="notification-undismiss",
    ),
    path("community/profiles/<int:pk>/edit/", people.profile_edit, name="profile-edit"),
    path("community/champions/<int:pk>/", champions.champion_invitation, name="champion-invitation"),
    path("community/people/", teams.people_list, name="people-list"),
    path("teams/", teams.team_list, name="team-list"),
    path("teams/<slug:slug>/", teams.team_detail, name="team-detail"),
    path("teams/<slug:slug>/jobs/", teams.team_jobs, name="team-jobs"),
    path("teams/<slug:slug>/edit/", teams.team_edit, name="team-edit"),
    path("embed/teams/<slug:slug>/", teams.team_fragment, name="team-fragment"),
    path("unsubscribe/<str:token>/", mail.unsubscribe_link, name="unsubscribe"),
    path("settings/", RedirectView.as_view(pattern_name="settings-profile"), name="settings"),
    path("settings/profile/", settings.profile_settings, name="settings-profile"),
    path("settings/profile/picture/", settings.avatar_change, name="settings-avatar"),
    path("settings/mail/", mail.mail_settings, name="settings-mail"),
    path("settings/mail/pause/", mail.mail_pause, name="settings-mail-pause"),
    path("settings/mail/restart/", mail.mail_restart, name="settings-mail-restart"),
    path("settings/mail/log/", mail.mail_log, name="settings-mail-log"),
    path("settings/security/", settings.security_settings, name="settings-security"),
    path("settings/sessions/", settings.session_settings, name="settings-sessions"),
    path("settings/data/", data.data_settings, name="settings-data"),
    path("settings/data/<str:token>/", data.data_download, name="settings-data-download"),
    path("settings/api-keys/", settings.api_keys, name="settings-keys"),
    path("settings/api-keys/<int:pk>/revoke/", settings.api_key_revoke, name="settings-key-revoke"),
]
