"""The yardstick: a Django project of its own with the seven default middlewares and one view of 20 kB.

`python -m bench.bare` serves it on BARE_PORT with the same server, processes and threads as Hearth.
"""

from __future__ import annotations

import multiprocessing
import os

PORT = 8766


def configure() -> None:
    from django.conf import settings

    settings.configure(
        SECRET_KEY="measurements only " * 4,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.bare",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )


def _application():  # type: ignore[no-untyped-def]
    from django.core.wsgi import get_wsgi_application

    configure()
    return get_wsgi_application()


def _page(request: object):  # type: ignore[no-untyped-def]
    from django.http import HttpResponse

    return HttpResponse(b"x" * 20_000)


def __getattr__(name: str) -> object:
    """Build the application and its addresses when the server and Django ask for them, not at import."""
    if name == "application":
        return _application()
    if name == "urlpatterns":
        from django.urls import path

        return [path("", _page)]
    raise AttributeError(name)


def main() -> None:
    from community.web import server

    multiprocessing.set_start_method("fork", force=True)
    server("127.0.0.1", int(os.environ.get("BARE_PORT", PORT)), application="bench.bare:application").serve()


if __name__ == "__main__":
    main()
