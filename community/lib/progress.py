"""Progress of long commands: a bar on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys

from rich.console import Console


def console() -> Console:
    """Return the console that bars are drawn on: standard error, so that output can be piped."""
    return Console(file=sys.stderr)
