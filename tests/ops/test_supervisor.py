"""The supervisor, as a process of its own with real children, watched from outside."""

import json
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

PATIENCE_SECONDS = 30
ROOT = Path(__file__).resolve().parents[2]

# A child that writes its pid and sleeps; a stubborn one ignores requests to end; a parent has a child of its own.
SLEEPER = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); " + SLEEPER

PROGRAM = """
    import json, subprocess, sys
    import community.local.supervisor as module
    from community.local.processes import spawn
    module.FIRST_PAUSE_SECONDS = 0.05
    module.STOP_SECONDS = float(sys.argv[2])

    def starter(code):
        return lambda: spawn([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    supervisor = module.Supervisor()
    supervisor.listen()
    for name, code in json.loads(sys.argv[1]).items():
        supervisor.add(module.Child(name, starter(code)))
    supervisor.watch(lambda: None)
    supervisor.stop()
    print("done", flush=True)
"""


class Watched:
    """A running supervisor and what it has printed so far."""

    def __init__(self, children: dict[str, str], stop_seconds: float = 1) -> None:
        command = [sys.executable, "-c", textwrap.dedent(PROGRAM), json.dumps(children), str(stop_seconds)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.seen = ""

    def pids(self, name: str, count: int = 1) -> list[int]:
        """The first `count` process numbers printed under `name`."""
        while len(found := re.findall(rf"^{name} +\| pid (\d+)", self.seen, re.MULTILINE)) < count:
            assert self.process.stdout
            line = self.process.stdout.readline()
            assert line, f"ended early:\n{self.seen}"
            self.seen += line
        return [int(pid) for pid in found]

    def end(self, *signals: signal.Signals) -> str:
        for number in signals:
            self.process.send_signal(number)
            time.sleep(0.3)
        rest, _ = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.seen + rest


@pytest.fixture
def watch() -> Iterator[Callable[..., Watched]]:
    started: list[Watched] = []

    def start(children: dict[str, str], stop_seconds: float = 1) -> Watched:
        started.append(Watched(children, stop_seconds))
        return started[-1]

    yield start
    for watched in started:
        if watched.process.poll() is None:
            watched.process.kill()
            watched.process.communicate()


def gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_a_child_that_dies_is_started_again(watch: Callable[..., Watched]) -> None:
    watched = watch({"web": SLEEPER})
    [first] = watched.pids("web")
    psutil.Process(first).kill()
    first_again, second = watched.pids("web", 2)
    assert first_again == first
    assert second != first
    watched.end(signal.SIGTERM)
    assert gone(second)


def test_a_child_is_started_again_at_once_and_pauses_follow_further_deaths(
    watch: Callable[..., Watched],
) -> None:
    watched = watch({"web": "import os; print('pid', os.getpid())"})
    watched.pids("web", 4)
    output = watched.end(signal.SIGTERM)
    ends = [line for line in output.splitlines() if "web ended with status 0" in line]
    assert ends[0].endswith("starting it again now.")
    assert not any(line.endswith("now.") for line in ends[1:])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_all_children_end_on_a_signal(watch: Callable[..., Watched], number: signal.Signals) -> None:
    watched = watch({"web": SLEEPER, "worker": SLEEPER})
    pids = watched.pids("web") + watched.pids("worker")
    assert watched.end(number).endswith("done\n")
    assert watched.process.returncode == 0
    assert all(gone(pid) for pid in pids)


def test_a_stubborn_child_and_its_own_children_are_killed(watch: Callable[..., Watched]) -> None:
    watched = watch({"web": PARENT, "worker": STUBBORN})
    pids = watched.pids("web", 2) + watched.pids("worker")
    watched.end(signal.SIGTERM)
    assert all(gone(pid) for pid in pids)


def test_a_second_signal_hurries(watch: Callable[..., Watched]) -> None:
    watched = watch({"web": STUBBORN}, stop_seconds=600)
    [pid] = watched.pids("web")
    assert watched.end(signal.SIGINT, signal.SIGINT).endswith("done\n")
    assert gone(pid)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the death signal is Linux's")
def test_children_die_with_a_killed_supervisor(watch: Callable[..., Watched]) -> None:
    watched = watch({"web": SLEEPER})
    [pid] = watched.pids("web")
    watched.process.kill()
    assert gone(pid)
