"""Libraries in the browser are ours to answer for: pinned, hashed, with their licence, from nowhere else."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text())


def test_every_library_is_the_one_that_was_locked():
    for one in LOCK:
        digest = hashlib.sha384((VENDOR / one["file"]).read_bytes()).digest()
        assert one["integrity"] == f"sha384-{base64.b64encode(digest).decode()}"
        assert (VENDOR / one["license_file"]).read_text().strip()


def test_no_file_is_there_without_a_lock():
    known = {name for one in LOCK for name in (one["file"], one["license_file"])} | {"vendor.lock.json"}
    assert {path.name for path in VENDOR.iterdir()} == known


def test_the_versions_are_those_of_package_json():
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {one["name"]: one["version"] for one in LOCK} == wanted
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert "resolved" not in json.dumps(locked)
