"""Reading the environment: a value, or the file it stands in."""

import os
import secrets
from pathlib import Path


def env_value(name: str, default: str) -> str:
    """Return `NAME`, else the stripped content of the file named by `NAME_FILE`, else `default`.

    Raises OSError when `NAME_FILE` is set but cannot be read: a missing secret must fail loudly.
    """
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return default


def local_secret(data_dir: Path, name: str) -> str:
    """Return a secret made once and kept in `data_dir` with mode 600 (local mode only)."""
    path = data_dir / name
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
