"""Starting, ending and finding operating-system processes; knows nothing of what runs in them."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import psutil

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


class StackError(Exception):
    """Something the operator can mend; the message is the sentence they read."""


class FolderLock:
    """One holder per lock file. The kernel lets go when the holder dies, so a lock is never stale."""

    def __init__(self, path: Path, refusal: str) -> None:
        self.path = path
        self.refusal = refusal
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Raises StackError with the refusal, `{pid}` filled in, when another process holds the lock."""
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise StackError(self.refusal.format(pid=holder)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def is_held(self) -> bool:
        """Whether some living process holds it, this one included."""
        try:
            file = self.path.open("a+")
        except OSError:
            return False
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False


def spawn(
    command: list[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    uid: int | None = None,
    gid: int | None = None,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, so that a terminal's Ctrl-C reaches only us, and tie its life to ours.

    Call it from the main thread: Linux sends the death signal when the starting thread ends.
    """
    if uid is not None:
        options |= {"user": uid, "group": gid, "extra_groups": []}
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with(os.getpid(), death_signal),
        **options,
    )


def _die_with(parent: int, death_signal: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None

    def tie() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
        # The parent may have died before the call above took effect.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return tie


def end(process: subprocess.Popen[bytes], stop_signal: signal.Signals, timeout: float) -> None:
    """Ask a child to stop, then make it."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and everything still in its session."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()


def end_orphan(pid: int, marker: str, stop_signal: signal.Signals, timeout: float = 20) -> None:
    """End what an earlier run that was killed left behind: process `pid`, if `marker` is in its command line.

    Raises StackError when it does not end in `timeout` seconds.
    """
    try:
        process = psutil.Process(pid)
        if marker not in " ".join(process.cmdline()):
            return
        process.send_signal(stop_signal)
        process.wait(timeout)
    except psutil.NoSuchProcess:
        return
    except (psutil.TimeoutExpired, psutil.AccessDenied):
        raise StackError(
            f"Process {pid} is left from an earlier run and does not stop. End it, then start again."
        ) from None


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], timeout: float) -> bool:
    """Whether `ready` came true before the process ended or `timeout` seconds passed."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if ready():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.02)
    return False
