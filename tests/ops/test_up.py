"""`manage.py up` as a person starts it: a folder, a free port, Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 180
STOP_SECONDS = 60
SET_BY_TESTS = re.compile(
    "(DATABASE|REDIS|EMAIL)_URL|(SECRET|CODES)_KEY|(CELERY|DJANGO|HEARTH|PAGE_CACHE|PYTEST)_"
)

pytestmark = pytest.mark.slow


class Up:
    """A running `manage.py up` in its own folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.env = local_environment(folder, port)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo"],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.lines += self.process.stdout

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log
            if self.status("/readyz") == 200:
                return
            time.sleep(0.2)
        pytest.fail(f"not ready in time:\n{self.log}")

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return int(error.code)
        except OSError:
            return 0

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )


def local_environment(folder: Path, port: int) -> dict[str, str]:
    """This machine's environment without whatever the tests' own servers set."""
    kept = {name: value for name, value in os.environ.items() if not SET_BY_TESTS.match(name)}
    return kept | {"HEARTH_DATA": str(folder), "PORT": str(port), "WEB_WORKERS": "1", "WORKER_PROCESSES": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Up]]:
    """Return a call that gives the program, started again in its folder if a test has stopped it."""
    folder, runs = tmp_path_factory.mktemp("hearth"), list[Up]()

    def start() -> Up:
        if not runs or runs[-1].process.poll() is not None:
            runs.append(Up(folder, free_port()))
            runs[-1].wait_until_ready()
        return runs[-1]

    try:
        yield start
    finally:
        if runs:
            stop(runs[-1])


def stop(up: Up) -> None:
    up.process.terminate()
    try:
        up.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        up.process.kill()
        up.process.wait()


@pytest.fixture
def up(started: Callable[[], Up]) -> Up:
    return started()


def test_it_serves_and_names_its_address(up: Up) -> None:
    assert up.status("/healthz") == 200
    assert up.status("/") == 200
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "is ready" not in up.log and time.monotonic() < deadline:
        time.sleep(0.1)
    assert f"is ready: http://localhost:{up.port}" in up.log


def test_another_start_in_the_same_folder_is_refused_with_a_sentence(up: Up) -> None:
    env = up.env | {"PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "manage.py", "up"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "Hearth already runs in" in done.stderr
    assert f"process {up.process.pid}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_refused_with_a_sentence(up: Up, tmp_path: Path) -> None:
    env = up.env | {"HEARTH_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "manage.py", "up"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert f"Port {up.port} is in use by another program." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_finds_the_running_database(up: Up) -> None:
    done = up.manage("migrate", "--check")
    assert done.returncode == 0, done.stderr


def test_secrets_are_made_once_and_kept_private(up: Up) -> None:
    folder = Path(up.env["HEARTH_DATA"])
    for name in ("secret-key", "codes-key"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
        assert len((folder / name).read_text()) >= 50


def test_a_web_process_that_dies_is_replaced(up: Up) -> None:
    [web] = [
        child for child in psutil.Process(up.process.pid).children() if "community.web" in child.cmdline()
    ]
    [serving] = web.children()
    serving.kill()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not [child for child in web.children() if child.pid != serving.pid] and time.monotonic() < deadline:
        time.sleep(0.1)
    up.wait_until_ready()


def test_it_stops_on_sigterm_and_leaves_no_process(up: Up) -> None:
    family = up.family()
    assert len(family) >= 6
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(STOP_SECONDS) == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    assert up.status("/healthz") == 0
    up.reader.join(5)
    assert "Stopped." in up.log


def test_a_command_starts_the_database_when_nothing_runs(up: Up) -> None:
    stop(up)
    done = up.manage("migrate", "--check")
    assert done.returncode == 0, done.stderr
    assert not (Path(up.env["HEARTH_DATA"]) / "postgres" / "postmaster.pid").exists()
