"""`manage.py up`: the whole of Hearth in one terminal."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from community.celery import QUEUES
from community.local.postgres import EmbeddedPostgres
from community.local.processes import FolderLock, StackError, spawn
from community.local.service import EmbeddedService
from community.local.supervisor import Child, Supervisor
from community.local.valkey import EmbeddedValkey

ALREADY_RUNS = (
    "Hearth already runs in {folder} (process {{pid}}). Stop that one, or set HEARTH_DATA to another folder."
)
PORT_TAKEN = (
    "Port {port} is in use by another program. Stop it, or choose another port: PORT={other} make run"
)
DOCS_PORT_TAKEN = "Port {port} is in use: no example docs site. Another port: DOCS_PORT={other} make run"
ACCOUNTS_FILE = "demo-accounts.txt"
READY_SECONDS = 1.0


class Command(BaseCommand):
    help = "Run web, worker and scheduler, with an embedded PostgreSQL and Valkey where none is configured."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Start with an empty community.")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.supervisor = Supervisor()
        self.services: list[EmbeddedService] = []
        self.announced = self.has_docs = False
        folder = Path(settings.DATA_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(folder / "up.lock", ALREADY_RUNS.format(folder=folder))
        try:
            _refuse_taken_port()
            lock.acquire()
            self.supervisor.listen()
            self._run(demo=not options["no_demo"])
        except StackError as error:
            self.stderr.write(str(error))
            sys.exit(1)
        finally:
            self._stop()
            lock.release()

    def _run(self, *, demo: bool) -> None:
        self._say(f"Starting in {settings.DATA_DIR}.")
        env = self._start_services()
        command = [sys.executable, _manage(), "prepare", *(["--demo"] if demo else [])]
        status = self.supervisor.run_once("prepare", command, env)
        # Only `prepare` works as the owner of the tables.
        env.pop("DATABASE_ADMIN_URL", None)
        if self.supervisor.stop_requests:
            return
        if status:
            raise StackError("The database could not be made ready; the lines above say why.")
        for name, line in _commands().items():
            self.supervisor.add(Child(name, _starter(line, env)))
        if demo and settings.LOCAL_MODE:
            self._serve_docs(env)
        self.supervisor.watch(self._announce_when_ready)

    def _start_services(self) -> dict[str, str]:
        """Start what the environment does not name, and tell the children where it is."""
        env = os.environ | {
            "HEARTH_LOCAL": "1" if settings.LOCAL_MODE else "0",
            "HEARTH_DATA": str(settings.DATA_DIR),
            "PORT": str(settings.PORT),
            "PYTHONUNBUFFERED": "1",
        }
        if not settings.DATABASE_URL:
            postgres = EmbeddedPostgres(settings.DATA_DIR, output=subprocess.PIPE)
            env["DATABASE_URL"], env["DATABASE_ADMIN_URL"] = self._serve(postgres), postgres.owner_url
        if not settings.REDIS_URL:
            env["REDIS_URL"] = self._serve(EmbeddedValkey(settings.DATA_DIR, output=subprocess.PIPE))
        return env

    def _serve(self, service: EmbeddedService) -> str:
        service.start()
        self.services.append(service)
        running = service.process
        assert running

        def first_then_again() -> subprocess.Popen[bytes]:
            return running if running.poll() is None else service.launch()

        self.supervisor.add(Child(service.folder, first_then_again, stop_signal=service.stop_signal, phase=1))
        return service.url

    def _serve_docs(self, env: dict[str, str]) -> None:
        """Serve the example docs site on an origin of its own, unless somebody else has its port."""
        if not _is_free(settings.DOCS_PORT):
            self._say(DOCS_PORT_TAKEN.format(port=settings.DOCS_PORT, other=settings.DOCS_PORT + 1))
            return
        builder = str(Path(settings.BASE_DIR) / "examples" / "docs-site" / "build.py")
        site = [
            "--forum",
            settings.SITE_URL,
            "--site",
            f"http://localhost:{settings.DOCS_PORT}",
            "--serve",
            str(settings.DOCS_PORT),
        ]
        self.supervisor.add(Child("docs", _starter([sys.executable, builder, *site], env)))
        self.has_docs = True

    def _announce_when_ready(self) -> None:
        if self.announced or not _is_ready():
            return
        self.announced = True
        self._say("")
        self._say(f"{settings.SITE_NAME} is ready: {settings.SITE_URL}")
        accounts = Path(settings.DATA_DIR) / ACCOUNTS_FILE
        if accounts.exists():
            for line in accounts.read_text(encoding="utf-8").splitlines():
                self._say(line)
        if self.has_docs:
            self._say(
                f"A docs site that shows its questions: http://localhost:{settings.DOCS_PORT}/docs/install"
            )
        if not settings.EMAIL_URL:
            self._say(f"Every e-mail lands in {settings.SITE_URL}/outbox/")
        self._say("Stop with Ctrl-C.")
        self._say("")

    def _stop(self) -> None:
        if self.supervisor.children:
            self._say("Stopping.")
        self.supervisor.stop()
        for service in self.services:
            service.stop()
        if self.supervisor.children:
            self._say("Stopped.")

    def _say(self, line: str) -> None:
        self.supervisor.log.write("hearth", line)


def _commands() -> dict[str, list[str]]:
    # In a container everything is root, and the worker would say so at length.
    celery = [
        sys.executable,
        "-W",
        "ignore:You're running the worker",
        "-m",
        "celery",
        "--quiet",
        "-A",
        "community",
    ]
    schedule = str(Path(settings.DATA_DIR) / "beat-schedule")
    concurrency = os.environ.get("WORKER_PROCESSES", "2")
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {
        "web": [sys.executable, "-m", "community.web"],
        "worker": [*celery, "worker", "-Q", ",".join(QUEUES), "-c", concurrency, "-l", "WARNING", *quiet],
        "beat": [*celery, "beat", "-s", schedule, "--pidfile=", "-l", "WARNING"],
    }


def _starter(command: list[str], env: dict[str, str]) -> Any:
    def start() -> subprocess.Popen[bytes]:
        return spawn(
            command, env=env, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    return start


def _manage() -> str:
    return str(Path(settings.BASE_DIR) / "manage.py")


def _host() -> str:
    return os.environ.get("HOST", "127.0.0.1")


def _refuse_taken_port() -> None:
    if not _is_free(settings.PORT, _host()):
        raise StackError(PORT_TAKEN.format(port=settings.PORT, other=settings.PORT + 1))


def _is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _is_ready() -> bool:
    host = "127.0.0.1" if _host() in {"0.0.0.0", "::"} else _host()  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.PORT}/readyz", timeout=READY_SECONDS) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
