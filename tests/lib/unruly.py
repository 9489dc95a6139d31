"""Work for a helper of the tests: it answers, hangs, dies or takes all memory, as it is asked."""

from __future__ import annotations

import os
import time

from community.lib.helper_pool import Answer


def warm_up() -> None:
    pass


def work(question: dict, blobs: list[bytes]) -> Answer:
    match question["do"]:
        case "hang":
            time.sleep(600)
        case "die":
            os.kill(os.getpid(), 9)
        case "eat":
            blobs.append(bytes(10**12))
        case "fail":
            raise ValueError("no")
    return {"pid": os.getpid()}, blobs
