"""The site's addresses, and those of a mail provider beside them (tests have no provider)."""

from django.urls import include, path

from community import mail_hooks
from community.urls import handler400, handler403, handler404, handler500
from community.urls import urlpatterns as site

urlpatterns = [path("hooks/mail/", include(mail_hooks.patterns("postmark"))), *site]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
