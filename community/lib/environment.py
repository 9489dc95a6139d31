"""Reading the environment: a value, or the file it stands in."""

import fcntl
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

EMPTY_KEY = (
    "{path} is empty, and what is stored in {guards} may be encrypted with the key it held. "
    "Put the key back from a backup. Only if there is none, delete the file: Hearth then makes a new key."
)


def env_value(name: str, default: str) -> str:
    """Return `NAME`, else the stripped content of the file named by `NAME_FILE`, else `default`.

    Raises OSError when `NAME_FILE` is set but cannot be read: a missing secret must fail loudly.
    """
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return default


def local_secret(data_dir: Path, name: str, *, guards: Path | None = None) -> str:
    """Return a secret made once and kept in `data_dir` with mode 600 (local mode only).

    An empty file, which a crash can leave behind, is made anew; but where what the secret may have sealed is there
    (`guards`), raise ImproperlyConfigured: a new one would open none of it.
    """
    path = data_dir / name
    if secret := _read_secret(path):
        return secret
    data_dir.mkdir(parents=True, exist_ok=True)
    # Two first starts at once agree: the second waits, then finds what the first made.
    with (data_dir / "secrets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if secret := _read_secret(path):
            return secret
        if guards and path.exists() and guards.exists():
            raise ImproperlyConfigured(EMPTY_KEY.format(path=path, guards=guards))
        draft = path.with_name(f"{name}.new")
        draft.unlink(missing_ok=True)
        secret = secrets.token_urlsafe(48)
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return secret


def _read_secret(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.exists() else ""
