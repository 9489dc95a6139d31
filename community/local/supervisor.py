"""Keeps a handful of child processes alive, prints their lines as one log, and ends them all."""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import BinaryIO, TextIO

from community.local.processes import StackError, kill_group, spawn

TICK_SECONDS = 0.25
STOP_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# A child that lived this long was well: it is started again at once, and only further deaths are followed by pauses.
STEADY_SECONDS = 20.0
COLOURS = (36, 33, 35, 32, 34, 31)
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """A process to keep running; `phase` 0 stops first."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    phase: int = 0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float | None = None
    deaths: int = 0

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def next_pause(self) -> float:
        """Seconds to wait before the next start: none after a first death, then doubling until the child lives for a while."""
        if time.monotonic() - self.started_at > STEADY_SECONDS:
            self.deaths = 0
        self.deaths += 1
        return (
            0.0
            if self.deaths == 1
            else min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (self.deaths - 2))
        )


@dataclass
class Log:
    """One stream of lines, each with its process's name in front."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)
    width: int = 8

    def __post_init__(self) -> None:
        self.colourful = self.stream.isatty() and "NO_COLOR" not in os.environ
        self.names: list[str] = []

    def write(self, name: str, line: str) -> None:
        if name not in self.names:
            self.names.append(name)
        prefix = f"{name:<{self.width}} |"
        if self.colourful:
            prefix = f"\x1b[{COLOURS[self.names.index(name) % len(COLOURS)]}m{prefix}\x1b[0m"
        # The terminal may be gone; the children still have to be ended.
        with contextlib.suppress(OSError, ValueError):
            print(prefix, line, file=self.stream, flush=True)


class Supervisor:
    """Single-threaded on purpose: children die with the thread that started them."""

    def __init__(self, log: Log | None = None) -> None:
        self.log = log or Log()
        self.children: list[Child] = []
        self.stop_requests = 0
        self._selector = selectors.DefaultSelector()
        self._partial: dict[BinaryIO, bytes] = {}
        self._wake_reader, self._wake_writer = socket.socketpair()

    # --- signals ---------------------------------------------------------------------------------

    def listen(self) -> None:
        """Turn Ctrl-C, SIGTERM and a closed terminal into a request to stop; a second one hurries."""
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ, None)
        signal.set_wakeup_fd(self._wake_writer.fileno(), warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: object) -> None:
        self.stop_requests += 1

    # --- children --------------------------------------------------------------------------------

    def add(self, child: Child) -> None:
        """Start a child and keep it running. Raises StackError when a service refuses to start."""
        self.children.append(child)
        self._start(child)

    def run_once(self, name: str, command: list[str], env: dict[str, str]) -> int:
        """Run a command to its end under the same log; its exit status, or -1 when asked to stop meanwhile."""
        process = spawn(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._read(name, process)
        while process.poll() is None and not self.stop_requests:
            self._pump(TICK_SECONDS)
        stopped = process.poll() is None
        if stopped:
            process.terminate()
            self._await([process], STOP_SECONDS)
        self._pump(0)
        return -1 if stopped else int(process.returncode)

    def watch(self, every_tick: Callable[[], None]) -> None:
        """Restart what dies until asked to stop."""
        while not self.stop_requests:
            self._pump(TICK_SECONDS)
            for child in self.children:
                self._revive(child)
            every_tick()

    def stop(self) -> None:
        """End every child, phase by phase: those who use a service before the service."""
        for phase in sorted({child.phase for child in self.children}):
            members = [
                child for child in self.children if child.phase == phase and child.process and child.is_alive
            ]
            for child in members:
                assert child.process
                child.process.send_signal(child.stop_signal)
            self._await(
                [child.process for child in members if child.process], STOP_SECONDS, impatient=phase == 0
            )
        # Their own children may have outlived them.
        for child in self.children:
            if child.process and child.phase == 0:
                kill_group(child.process)
        self._pump(0)

    def _start(self, child: Child) -> None:
        child.process = child.start()
        child.started_at = time.monotonic()
        child.restart_at = None
        self._read(child.name, child.process)

    def _revive(self, child: Child) -> None:
        if child.is_alive:
            return
        now = time.monotonic()
        if child.restart_at is None:
            pause = child.next_pause()
            child.restart_at = now + pause
            status = child.process.returncode if child.process else "none"
            when = f"in {pause:.0f} s" if pause else "now"
            self.log.write("hearth", f"{child.name} ended with status {status}; starting it again {when}.")
            if child.process and child.phase == 0:
                kill_group(child.process)
        if now >= child.restart_at:
            try:
                self._start(child)
            except (StackError, OSError) as error:
                self.log.write("hearth", str(error))
                child.restart_at = now + child.next_pause()

    def _await(
        self, processes: Iterable[subprocess.Popen[bytes]], seconds: float, *, impatient: bool = False
    ) -> None:
        """Wait for processes to end, then kill. A further request to stop cuts the wait short if `impatient`."""
        waiting = list(processes)
        deadline = time.monotonic() + seconds
        requests = self.stop_requests
        while (
            waiting
            and time.monotonic() < deadline
            and not (impatient and self.stop_requests > max(requests, 1))
        ):
            self._pump(0.05)
            waiting = [process for process in waiting if process.poll() is None]
        for process in waiting:
            kill_group(process)

    # --- output ----------------------------------------------------------------------------------

    def _read(self, name: str, process: subprocess.Popen[bytes]) -> None:
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
            self._selector.register(process.stdout, selectors.EVENT_READ, name)

    def _pump(self, timeout: float) -> None:
        for key, _events in self._selector.select(timeout):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    self._wake_reader.recv(64)
            else:
                self._pass_on(key.data, key.fileobj)  # type: ignore[arg-type]

    def _pass_on(self, name: str, pipe: BinaryIO) -> None:
        chunk = os.read(pipe.fileno(), 65536)
        *lines, rest = (self._partial.pop(pipe, b"") + chunk).split(b"\n")
        if not chunk:
            self._selector.unregister(pipe)
            pipe.close()
            lines += [rest] if rest else []
        elif rest:
            self._partial[pipe] = rest
        for line in lines:
            self.log.write(name, line.decode(errors="replace").rstrip())
