"""Workers that the tests kill: each line read makes a child that sends what is due, as the bulk queue's task does."""

from __future__ import annotations

import os
import signal
import sys
import time

import django


def main() -> None:
    """Set up once, so that a child is there at once; children that were killed are nobody's to wait for."""
    django.setup()
    from profiles.mail.deliveries import send_due

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for _line in sys.stdin:
        if (pid := os.fork()) == 0:
            while True:
                send_due(bulk=True)
                time.sleep(0.01)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
