"""Work on untrusted input in small helper processes, each within a deadline and a memory limit.

Python cannot interrupt a regular expression or a decoder, and one that runs wild may hold the interpreter's lock, so that
every other request of the process waits. A helper is killed when its time is up. Helpers start when first needed, have no
Django and no secrets, and end after a minute without work.

Safe from many threads at once and across `fork`.
"""

from __future__ import annotations

import atexit
import importlib
import json
import logging
import math
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

START_SECONDS = 20.0
IDLE_SECONDS = 60.0
HELPER_NICENESS = 5

Answer = tuple[dict[str, Any], list[bytes]]

_HEADER = struct.Struct("!I")
# `community` itself imports Celery, which a helper has no use for: only its folder is made known.
_HELPER = """
import sys, types
package = types.ModuleType("community")
package.__path__ = [sys.argv[1]]
sys.modules["community"] = package
from community.lib.helper_pool import serve
serve(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
"""
_log = logging.getLogger(__name__)


class HelperFailed(Exception):
    """The work was not done."""


class Busy(HelperFailed):
    """Every helper the caller may use was at work."""


class TooSlow(HelperFailed):
    """The deadline passed."""


class Crashed(HelperFailed):
    """The helper ended, ran out of memory, or failed."""


class _HelperGone(Exception):
    """The other side of the socket is closed."""


class _Helper:
    """One child process and the socket to it."""

    def __init__(self, module: str, memory: int, ends: float) -> None:
        self.socket, theirs = socket.socketpair()
        self.idle_since = time.monotonic()
        with theirs:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    _HELPER,
                    str(Path(__file__).parents[1]),
                    str(theirs.fileno()),
                    module,
                    str(memory),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
                # Every arena of malloc reserves address space, which the memory limit counts.
                | {"MALLOC_ARENA_MAX": "2", "LANG": "C.UTF-8"}
                | {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
            )
        try:
            _receive(self.socket, ends)
        except BaseException:
            self.end()
            raise

    def ask(self, question: dict[str, Any], blobs: Sequence[bytes], ends: float) -> Answer:
        """Raises TimeoutError when the deadline passes, _HelperGone or OSError when the helper is no more."""
        seconds = max(0.001, ends - time.monotonic())
        self.socket.settimeout(seconds)
        _send(self.socket, {**question, "seconds": seconds}, blobs)
        return _receive(self.socket, ends)

    def end(self) -> None:
        self.socket.close()
        self.process.kill()
        self.process.wait()

    def disown(self) -> None:
        """In a forked process: let go of what belongs to the parent."""
        self.socket.close()
        self.process.returncode = 0


class HelperPool:
    """Up to `size` helpers that run `module`, with `memory` bytes of address space each; guests share all but one.

    The module has `work(question, blobs) -> (answer, blobs)` and `warm_up()`, which runs as a helper starts.
    """

    def __init__(self, module: str, *, size: int, memory: int) -> None:
        self.module, self.size, self.memory = module, size, memory
        self._reset()
        _pools.add(self)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(self.size)
        self._guest_slots = threading.BoundedSemaphore(max(1, self.size - 1))
        self._idle: list[_Helper] = []
        self._timer: threading.Timer | None = None

    def ask(
        self,
        question: dict[str, Any],
        blobs: Sequence[bytes] = (),
        *,
        deadline: float,
        queue: float,
        total: float = math.inf,
        guest: bool = False,
    ) -> Answer:
        """Return the answer of `work`: after at most `queue` seconds of waiting for a helper and `deadline` seconds of work.

        Starting a helper takes neither; `total` seconds bound all three together. Raises Busy, TooSlow, Crashed.
        """
        now = time.monotonic()
        limit, ends = now + total, now + min(queue, total)
        slots = [self._guest_slots, self._slots] if guest else [self._slots]
        taken: list[threading.BoundedSemaphore] = []
        try:
            for slot in slots:
                if not slot.acquire(timeout=max(0.0, ends - time.monotonic())):
                    raise Busy
                taken.append(slot)
            answer, parts = self._ask_any(question, blobs, deadline, limit)
        finally:
            for slot in taken:
                slot.release()
        if answer.get("exhausted"):
            _log.warning("A helper of %s had too little memory.", self.module)
            raise Crashed
        if failure := answer.get("failed"):
            _log.error("A helper of %s failed: %s", self.module, failure)
            raise Crashed
        return answer, parts

    def _ask_any(
        self, question: dict[str, Any], blobs: Sequence[bytes], deadline: float, limit: float
    ) -> Answer:
        ends = min(time.monotonic() + deadline, limit)
        while helper := self._take():
            try:
                return self._ask(helper, question, blobs, ends)
            except (_HelperGone, ConnectionError):
                continue  # it had ended while idle; take the next, or a new one
        try:
            helper = _Helper(self.module, self.memory, min(time.monotonic() + START_SECONDS, limit))
        except TimeoutError:
            raise Busy from None
        except (_HelperGone, ConnectionError):
            _log.error("A helper of %s could not start.", self.module)
            raise Crashed from None
        try:
            return self._ask(helper, question, blobs, min(time.monotonic() + deadline, limit))
        except (_HelperGone, ConnectionError):
            _log.warning("A helper of %s ended at work.", self.module)
            raise Crashed from None

    def _ask(self, helper: _Helper, question: dict[str, Any], blobs: Sequence[bytes], ends: float) -> Answer:
        try:
            answer, parts = helper.ask(question, blobs, ends)
        except TimeoutError:
            helper.end()
            raise TooSlow from None
        except BaseException:
            helper.end()
            raise
        if answer.pop("retire", False):
            helper.end()
        else:
            self._give_back(helper)
        return answer, parts

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

    def idle_pids(self) -> list[int]:
        """Return the process ids of the helpers that wait for work."""
        with self._lock:
            return [helper.process.pid for helper in self._idle]

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


def _send(connection: socket.socket, message: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    data = json.dumps([message, [len(blob) for blob in blobs]]).encode()
    connection.sendall(b"".join([_HEADER.pack(len(data)), data, *blobs]))


def _receive(connection: socket.socket, ends: float | None = None) -> Answer:
    [length] = _HEADER.unpack(_read(connection, _HEADER.size, ends))
    message, lengths = json.loads(_read(connection, length, ends))
    return message, [_read(connection, one, ends) for one in lengths]


def _read(connection: socket.socket, length: int, ends: float | None) -> bytes:
    parts = []
    while length:
        if ends is not None:
            connection.settimeout(max(0.001, ends - time.monotonic()))
        part = connection.recv(min(length, 1 << 20))
        if not part:
            raise _HelperGone
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


# --- in the helper ------------------------------------------------------------------------------------
def serve(descriptor: int, module: str, memory: int) -> None:
    """Answer questions on the socket `descriptor` by `module.work` until the other side closes it."""
    # Ctrl-C reaches the whole process group; the parent decides when a helper ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(HELPER_NICENESS)
    worker = importlib.import_module(module)
    worker.warm_up()
    with socket.socket(fileno=descriptor) as connection:
        _send(connection, {})
        while True:
            try:
                question, blobs = _receive(connection)
            except (_HelperGone, ConnectionError):
                return
            # If the parent is gone, nobody will kill a helper that runs wild: the kernel does.
            signal.setitimer(signal.ITIMER_REAL, question["seconds"] + 1)
            answer, parts = _answer(worker, question, blobs)
            signal.setitimer(signal.ITIMER_REAL, 0)
            answer["retire"] = answer.get("retire", False) or _resident_bytes() > memory // 5
            _send(connection, answer, parts)
            del question, blobs, answer, parts


def _answer(worker: Any, question: dict[str, Any], blobs: list[bytes]) -> Answer:
    try:
        answer, parts = worker.work(question, blobs)
    except (MemoryError, RecursionError):
        return {"exhausted": True, "retire": True}, []
    except Exception as error:  # noqa: BLE001 - the parent logs it and refuses the work
        return {"failed": f"{type(error).__name__}: {error}"}, []
    return answer, parts


def _resident_bytes() -> int:
    # Not getrusage: its maximum includes the parent's, from before exec.
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


_pools: weakref.WeakSet[HelperPool] = weakref.WeakSet()


def _close_all() -> None:
    for pool in list(_pools):
        pool.close()


def _forget_all() -> None:
    for pool in list(_pools):
        pool.forget()


atexit.register(_close_all)
os.register_at_fork(after_in_child=_forget_all)
