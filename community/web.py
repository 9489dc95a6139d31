"""The web server: `python -m community.web`.

Everything is loaded before the processes part, so that they share its memory: two cost little more than one, and a
process that dies is replaced in a moment.
"""

import contextlib
import gc
import multiprocessing
import os
import sys
from importlib import import_module
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

APPLICATION = "community.wsgi:application"
# Threads of one process share a processor: a second one is there so that a slow page does not stop the others.
WORKERS, THREADS, STOP_SECONDS = 2, 2, 8


def main() -> None:
    # Granian takes the platform's way of starting processes where it can share the listening socket.
    if sys.platform.startswith("linux"):
        multiprocessing.set_start_method("fork", force=True)
    preload()
    server(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))).serve()


def server(host: str, port: int, application: str = APPLICATION) -> Server:
    """Granian as the environment asks: WEB_WORKERS processes, WEB_THREADS threads in each, STOP_SECONDS to finish."""
    return Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=int(os.environ.get("WEB_WORKERS", WORKERS)),
        blocking_threads=int(os.environ.get("WEB_THREADS", THREADS)),
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=int(os.environ.get("STOP_SECONDS", STOP_SECONDS)),
        log_level=LogLevels.warning,
    )


def preload() -> None:
    """Import the application, its addresses and its templates; open no connection, because those cannot be shared."""
    import_module("community.wsgi")
    from django.conf import settings
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template
    from django.urls import get_resolver

    _ = get_resolver().reverse_dict
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(Path(folder).rglob("*.html")):
            with contextlib.suppress(TemplateSyntaxError):
                get_template(str(path.relative_to(folder)))
    gc.collect()
    # Objects the collector never visits again keep their pages shared.
    gc.freeze()


if __name__ == "__main__":
    main()
