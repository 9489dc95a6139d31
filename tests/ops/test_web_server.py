"""The web server around the application: it outlives its processes, and says that it lives whatever its threads do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.ops.test_up import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
PROCESSES, THREADS = 2, 2
PROGRAM = "import sys; from community.web import server; server('127.0.0.1', int(sys.argv[1]), 'tests.ops.tiny:app').serve()"


class Web:
    """`community.web` with an application of two lines."""

    def __init__(self) -> None:
        self.port = free_port()
        env = os.environ | {"WEB_WORKERS": str(PROCESSES), "WEB_THREADS": str(THREADS), "STOP_SECONDS": "1"}
        self.main = subprocess.Popen([sys.executable, "-c", PROGRAM, str(self.port)], cwd=ROOT, env=env)
        self.until(lambda: len(self.processes()) == PROCESSES and self.get("/healthz"))

    def processes(self) -> set[int]:
        """The processes that answer, without those that ended."""
        children = psutil.Process(self.main.pid).children()
        return {one.pid for one in children if one.status() != psutil.STATUS_ZOMBIE}

    def get(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            return b""

    def until(self, holds: Callable[[], object]) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert self.main.poll() is None, "the server ended"
            assert time.monotonic() < ends, "it takes too long"
            time.sleep(0.02)

    def kill(self, *pids: int) -> None:
        """Kill processes and wait until others are in their place."""
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.until(lambda: len(self.processes()) == PROCESSES and not self.processes() & set(pids))

    def stop(self) -> None:
        children = psutil.Process(self.main.pid).children() if self.main.poll() is None else []
        for process in (self.main, *children):
            process.kill()
        self.main.wait()


@pytest.fixture
def web() -> Iterator[Web]:
    running = Web()
    yield running
    running.stop()


def test_a_process_that_dies_again_and_again_is_replaced_each_time(web: Web) -> None:
    steady, dying = sorted(web.processes())
    found: list[int] = []
    for _death in range(4):
        web.kill(dying)
        web.until(lambda: found.extend(web.processes() - {steady}) or found)
        dying = found[-1]
        found.clear()
    web.until(lambda: web.get("/"))


def test_processes_that_die_together_are_all_replaced(web: Web) -> None:
    for _death in range(3):
        web.kill(*web.processes())
    web.until(lambda: web.get("/"))


def test_healthz_answers_while_every_thread_waits(web: Web) -> None:
    waiting = [subprocess.Popen(_asking(web, "/wait")) for _request in range(2 * PROCESSES * THREADS)]
    try:
        web.until(lambda: not web.get("/"))
        assert [web.get("/healthz") for _time in range(20)] == [b'{"status": "ok"}\n'] * 20
    finally:
        for one in waiting:
            one.kill()
            one.wait()


def _asking(web: Web, path: str) -> list[str]:
    return [
        sys.executable,
        "-c",
        f"import urllib.request as u; u.urlopen('http://127.0.0.1:{web.port}{path}')",
    ]


def test_the_server_ends_when_it_is_asked_to(web: Web) -> None:
    family = psutil.Process(web.main.pid).children()
    web.main.terminate()
    assert web.main.wait(PATIENCE_SECONDS) == 0
    assert not psutil.wait_procs(family, PATIENCE_SECONDS)[1]
