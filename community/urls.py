"""Every URL of the site. Only this file and settings.py know every app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from community import errors, mail_hooks, views

urlpatterns = [
    path("theme/", views.theme_choose, name="theme-choose"),
    path("robots.txt", views.robots, name="robots-read"),
    path("opensearch.xml", views.opensearch, name="opensearch-read"),
    path(".well-known/security.txt", views.security_txt, name="security-read"),
    path(".well-known/change-password", views.change_password, name="password-change"),
    path("favicon.ico", views.favicon, name="favicon-read"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("community.api.urls")),
    path("", include("community.pages.urls")),
    path("", include("profiles.urls")),
    path("", include("points.urls")),
    path("", include("moderation.urls")),
    path("", include("forums.urls")),
]
if settings.LOCAL_MODE:
    urlpatterns.insert(0, path("outbox/", include("community.outbox_urls")))
if settings.MAIL_PROVIDER:
    urlpatterns.append(path("hooks/mail/", include(mail_hooks.patterns(settings.MAIL_PROVIDER))))
if not settings.STORAGE_URL:
    urlpatterns.append(
        re_path(
            r"^media/(?P<path>(?:uploads|avatars|crests)/[\w-]+\.[a-z]+)\Z", views.media, name="media-read"
        )
    )

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
