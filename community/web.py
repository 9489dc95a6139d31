"""The web server: `python -m community.web`.

Everything is loaded before the processes part, so that they share its memory: two cost little more than one, and a
process that dies is replaced in a moment, however many died before it.
"""

import contextlib
import gc
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

APPLICATION = "community.wsgi:application"
# Threads of one process share a processor: a second one is there so that a slow page does not stop the others.
WORKERS, THREADS, STOP_SECONDS = 2, 2, 8
# A process that dies sooner after its start than this is replaced after a pause, so that dying cannot take a whole processor.
YOUNG_SECONDS, PAUSE_SECONDS = 5.0, 0.5
# Granian sends files without Python: `/healthz` is one, so it answers while every thread waits.
HEALTH_FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "healthz"


def main() -> None:
    # Granian takes the platform's way of starting processes where it can share the listening socket.
    if sys.platform.startswith("linux"):
        multiprocessing.set_start_method("fork", force=True)
    preload()
    server(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))).serve()


class LastingServer(Server):
    """Granian that replaces every process that dies. Its own rule ends the server when one dies twice in 5.5 seconds."""

    def _respawn_workers(self, workers: Sequence[int], *arguments: Any, **options: Any) -> None:
        waiting = list(workers)
        while waiting:
            if any(time.monotonic() - self.wrks[one].birth < YOUNG_SECONDS for one in waiting):
                time.sleep(PAUSE_SECONDS)
            super()._respawn_workers(waiting, *arguments, **options)
            # What granian remembers of replacements is only for its rule.
            self.respawned_wrks.clear()
            # Granian forgets a process that died while it noted the death of another.
            waiting = [
                worker.idx
                for worker in self.wrks
                if not worker.is_alive() and worker.idx not in self.interrupt_children
            ]


def server(host: str, port: int, application: str = APPLICATION) -> Server:
    """Granian as the environment asks: WEB_WORKERS processes, WEB_THREADS threads in each, STOP_SECONDS to finish."""
    return LastingServer(
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
        static_path_route=["/healthz"],
        static_path_mount=[HEALTH_FOLDER],
        static_path_dir_to_file="index.json",
        static_path_expires=0,
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
