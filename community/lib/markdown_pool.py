"""Rendering within a deadline, in small helper processes of this one.

Python cannot interrupt a regular expression, and one that runs wild holds the interpreter's lock, so that every other
request of the process waits. Short plain bodies are rendered on the spot; the rest goes to a helper, which is killed when
its time is up. Helpers start when first needed, have no Django and no secrets, and end after a minute without work.

Safe from many threads at once and across `fork`.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from community.lib.markdown_inline import Resolver
from community.lib.markdown_refusal import BodyRefused, Refusal
from community.lib.markdown_render import BODY_LIMIT, Rendered, render, sanitize

DEADLINE = 1.0
"""Seconds a body may take once a helper works on it."""
HELPERS = 2
QUEUE_SECONDS = 3.0
START_SECONDS = 20.0
IDLE_SECONDS = 60.0
HELPER_NICENESS = 5
HELPER_MEMORY = 768 * 1024 * 1024
"""Address space a helper may take; and past a fifth of it resident, it is replaced."""

INLINE_LENGTH = 3_000
INLINE_LINES = 200
INLINE_MARKS = 200

_COLOURED_CODE = re.compile(r"(?:```|~~~)[`~]*[ \t]*[{\w]")
_MARKS = "*_~[]<&`|>:@#"
_HEADER = struct.Struct("!I")
# `community` itself imports Celery, which a helper has no use for: only its folder is made known.
_HELPER = """
import sys, types
package = types.ModuleType("community")
package.__path__ = [sys.argv[1]]
sys.modules["community"] = package
from community.lib.markdown_pool import serve
serve(int(sys.argv[2]))
"""
_log = logging.getLogger(__name__)


def render_bounded(
    body: str, *, resolve: Resolver | None = None, limit: int | None = BODY_LIMIT, deadline: float = DEADLINE
) -> Rendered:
    """Do what `render` does, for at most `deadline` seconds of work; other threads go on meanwhile.

    Raises BodyRefused for a body that is too long, takes too long or is nested too deeply, or if all helpers are busy.
    """
    if is_cheap(body) or (limit is not None and len(body) > limit):
        return render(body, resolve=resolve, limit=limit)
    known = resolve or Resolver()
    answer = _pool.ask(
        {
            "do": "render",
            "body": body,
            "resolved": resolve is not None,
            "mentions": [[key, *value] for key, value in known.mentions.items()],
            "threads": [[key, *value] for key, value in known.threads.items()],
            "uploads": [[key, *value] for key, value in known.uploads.items()],
        },
        deadline,
    )
    return Rendered(
        answer["html"],
        answer["text"],
        tuple(answer["mention_ids"]),
        tuple(answer["thread_ids"]),
        tuple(answer["upload_names"]),
        answer["version"],
    )


def sanitize_bounded(html: str, *, image_urls: Collection[str] = (), deadline: float = DEADLINE) -> str:
    """Do what `sanitize` does, for at most `deadline` seconds of work. Raises BodyRefused."""
    return str(_pool.ask({"do": "sanitize", "html": html, "image_urls": list(image_urls)}, deadline)["html"])


def is_cheap(body: str) -> bool:
    """Whether `body` takes some 20 ms at most whatever it says: short, few marks, no code for Pygments' many patterns."""
    return (
        len(body) <= INLINE_LENGTH
        and body.count("\n") + body.count("\r") <= INLINE_LINES
        and sum(map(body.count, _MARKS)) <= INLINE_MARKS
        and not _COLOURED_CODE.search(body)
    )


class _HelperGoneError(Exception):
    """The helper ended without an answer."""


class _Helper:
    """One child process and the socket to it."""

    def __init__(self) -> None:
        self.socket, theirs = socket.socketpair()
        self.idle_since = time.monotonic()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _HELPER, str(Path(__file__).parents[1]), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
                | {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path), "LANG": "C.UTF-8"},
            )
        try:
            self.socket.settimeout(START_SECONDS)
            _receive(self.socket)
        except BaseException:
            self.end()
            raise

    def ask(self, question: dict[str, Any], deadline: float) -> dict[str, Any]:
        """Raises TimeoutError when the deadline passes, _HelperGoneError or OSError when the helper is no more."""
        ends = time.monotonic() + deadline
        self.socket.settimeout(deadline)
        _send(self.socket, question)
        return _receive(self.socket, ends)

    def end(self) -> None:
        self.socket.close()
        self.process.kill()
        self.process.wait()

    def disown(self) -> None:
        """In a forked process: let go of what belongs to the parent."""
        self.socket.close()
        self.process.returncode = 0


class _Pool:
    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(HELPERS)
        self._idle: list[_Helper] = []
        self._timer: threading.Timer | None = None

    def ask(self, question: dict[str, Any], deadline: float) -> dict[str, Any]:
        if not self._slots.acquire(timeout=QUEUE_SECONDS):
            raise BodyRefused(Refusal.BUSY)
        try:
            answer = self._ask_any({**question, "deadline": deadline}, deadline)
        finally:
            self._slots.release()
        if refusal := answer.get("refused"):
            raise BodyRefused(Refusal[refusal], **answer.get("facts", {}))
        if failure := answer.get("failed"):
            _log.error("A body could not be rendered: %s", failure)
            raise BodyRefused(Refusal.TANGLED)
        return answer

    def _ask_any(self, question: dict[str, Any], deadline: float) -> dict[str, Any]:
        while helper := self._take():
            try:
                return self._ask(helper, question, deadline)
            except (_HelperGoneError, ConnectionError):
                continue  # it had ended while idle; take the next, or a new one
        try:
            return self._ask(_Helper(), question, deadline)
        except (_HelperGoneError, ConnectionError):
            _log.warning("A rendering helper ended at work.")
            raise BodyRefused(Refusal.TOO_SLOW) from None

    def _ask(self, helper: _Helper, question: dict[str, Any], deadline: float) -> dict[str, Any]:
        try:
            answer = helper.ask(question, deadline)
        except TimeoutError:
            helper.end()
            raise BodyRefused(Refusal.TOO_SLOW) from None
        except BaseException:
            helper.end()
            raise
        if answer.pop("retire", False):
            helper.end()
        else:
            self._give_back(helper)
        return answer

    def _take(self) -> _Helper | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, helper: _Helper) -> None:
        helper.idle_since = time.monotonic()
        with self._lock:
            self._idle.append(helper)
            self._watch()

    def _watch(self) -> None:
        """Look again later whether a helper has gone idle; call with the lock held."""
        if self._timer is None and self._idle:
            self._timer = threading.Timer(IDLE_SECONDS, self._end_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_idle(self) -> None:
        with self._lock:
            old = [helper for helper in self._idle if time.monotonic() - helper.idle_since >= IDLE_SECONDS]
            self._idle = [helper for helper in self._idle if helper not in old]
            self._timer = None
            self._watch()
        for helper in old:
            helper.end()

    def close(self) -> None:
        """End the helpers that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        for helper in idle:
            helper.end()

    def forget(self) -> None:
        """After a fork, in the child: helpers, locks and timer are the parent's."""
        idle = self._idle
        self._reset()
        for helper in idle:
            helper.disown()


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    connection.sendall(_HEADER.pack(len(data)) + data)


def _receive(connection: socket.socket, ends: float | None = None) -> dict[str, Any]:
    [length] = _HEADER.unpack(_read(connection, _HEADER.size, ends))
    message: dict[str, Any] = json.loads(_read(connection, length, ends))
    return message


def _read(connection: socket.socket, length: int, ends: float | None) -> bytes:
    parts = []
    while length:
        if ends is not None:
            connection.settimeout(max(0.001, ends - time.monotonic()))
        part = connection.recv(min(length, 1 << 20))
        if not part:
            raise _HelperGoneError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


# --- in the helper ------------------------------------------------------------------------------------
def serve(descriptor: int) -> None:
    """Answer questions on the socket `descriptor` until the other side closes it."""
    # Ctrl-C reaches the whole process group; the parent decides when a helper ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (HELPER_MEMORY, HELPER_MEMORY))
    os.nice(HELPER_NICENESS)
    render("*Warm*, `up`.")
    with socket.socket(fileno=descriptor) as connection:
        _send(connection, {})
        while True:
            try:
                question = _receive(connection)
            except (_HelperGoneError, ConnectionError):
                return
            # If the parent is gone, nobody will kill a helper that runs wild: the kernel does.
            signal.setitimer(signal.ITIMER_REAL, question["deadline"] + 1)
            answer = _answer(question)
            signal.setitimer(signal.ITIMER_REAL, 0)
            answer["retire"] = answer.get("retire", False) or _resident_bytes() > HELPER_MEMORY // 5
            _send(connection, answer)


def _resident_bytes() -> int:
    # Not getrusage: its maximum includes the parent's, from before exec.
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    try:
        if question["do"] == "sanitize":
            return {"html": sanitize(question["html"], image_urls=question["image_urls"])}
        resolver = Resolver(
            {key: tuple(value) for key, *value in question["mentions"]},
            {key: tuple(value) for key, *value in question["threads"]},
            {key: tuple(value) for key, *value in question["uploads"]},
        )
        return vars(render(question["body"], resolve=resolver if question["resolved"] else None, limit=None)).copy()
    except BodyRefused as refused:
        return {"refused": refused.reason.name, "facts": refused.facts}
    except (MemoryError, RecursionError):
        return {"refused": Refusal.TANGLED.name, "retire": True}
    except Exception as error:  # noqa: BLE001 - the parent logs it and refuses the body
        return {"failed": f"{type(error).__name__}: {error}"}


_pool = _Pool()
atexit.register(_pool.close)
os.register_at_fork(after_in_child=_pool.forget)
