"""Small files of state, and who may reach them."""

import contextlib
import os
import stat
from pathlib import Path


def lines(path: Path) -> list[str]:
    """The stripped lines of a file; none when it cannot be read."""
    try:
        return [line.strip() for line in path.read_text().splitlines()]
    except OSError:
        return []


def first_line(path: Path) -> str:
    """The first line of a file, or nothing."""
    return "".join(lines(path)[:1])


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def open_way(folder: Path) -> None:
    """Let other users pass through (not list) every folder above, or a server that is not root cannot reach its own."""
    for part in [folder, *folder.parents]:
        mode = part.stat().st_mode
        if not mode & stat.S_IXOTH:
            # Where this is refused, the server itself says best what it cannot reach.
            with contextlib.suppress(OSError):
                part.chmod(mode | stat.S_IXOTH)


def open_tree(folder: Path) -> None:
    """Let other users read and run the server's program files, installed under a strict umask."""
    if not folder.exists():
        return
    open_way(folder.parent)
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode != wanted:
            path.chmod(wanted)
