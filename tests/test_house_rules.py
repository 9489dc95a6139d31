"""Conventions that would be forgotten, made to fail."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINE = ["community.lib", "community.audit", "integrations", "profiles", "points", "forums", "moderation"]
KNOWS_ALL = {"community/settings.py", "community/urls.py", "community/api/urls.py"}


def _files(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).exists()]


def _room(module: str) -> int | None:
    """Return the place of a module in the line of rooms; community's own parts count as its left end."""
    if module.startswith(("community.audit", "community.pages")):
        return 1
    if module == "community" or module.startswith("community."):
        return 0
    first = module.split(".")[0]
    return LINE.index(first) if first in LINE else None


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_imports_point_left():
    wrong = []
    for path in _files("*.py"):
        name = path.relative_to(ROOT).as_posix()
        room = _room(name.removesuffix(".py").replace("/", "."))
        if (
            room is None
            or "/migrations/" in name
            or name in KNOWS_ALL
            or name.startswith("community/management/")
        ):
            continue
        strict = name.startswith(("community/lib/", "community/audit/", "community/pages/")) or room > 1
        if strict:
            wrong += [f"{name} imports {one}" for one in _imports(path) if (_room(one) or 0) > room]
    assert wrong == []


def test_only_one_file_imports_each_library_we_keep_behind_a_wall():
    walls = {
        "bleach": "community/lib/markdown",
        "PIL": "community/lib/images",
        "markdown": "community/lib/markdown",
    }
    wrong = [
        f"{path.relative_to(ROOT)} imports {library}"
        for path in _files("community/*.py", "profiles/*.py", "forums/*.py", "moderation/*.py")
        for library, home in walls.items()
        if any(one.split(".")[0] == library for one in _imports(path))
        and not path.relative_to(ROOT)
        .as_posix()
        .startswith((home, "forums/demo", "forums/management/commands/seed_demo"))
    ]
    assert wrong == []


def test_templates_hold_no_inline_script_style_or_foreign_address():
    bad = re.compile(
        r"<style|\sstyle=|<script(?![^>]*(?:\ssrc=|application/))|\son[a-z]+=\"|(?:src|href)=\"(?:https?:)?//(?!\{)",
        re.IGNORECASE,
    )
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _files("templates/*.html")
        if "email" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bad.search(line)
    ]
    assert wrong == []


@pytest.mark.parametrize(("pattern", "limit"), [("*.py", 400), ("templates/*.html", 80)])
def test_files_stay_short(pattern, limit):
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in _files(pattern)
        if "migrations" not in path.parts
        and "demo" not in path.parts
        and (lines := len(path.read_text().splitlines())) > limit
    }
    assert long == {}
