"""A web application without Django, for tests of the server around it."""

from __future__ import annotations

import os
import threading


def app(environ, start_response):
    """Answer with the number of the process; `/wait` never answers."""
    if environ["PATH_INFO"] == "/wait":
        threading.Event().wait()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
