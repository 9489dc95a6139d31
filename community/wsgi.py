"""The door for web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from community.lib.database.limits import limit_process  # noqa: E402

limit_process(settings.WEB_LIMITS)
