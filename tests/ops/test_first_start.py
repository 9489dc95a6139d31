"""A first start: secrets are made whole, and what is wrong with the data folder is one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from community.lib.environment import local_secret
from profiles.models import Profile
from tests.ops.test_up import ROOT, local_environment

ASK = "import sys; from pathlib import Path; from community.lib.environment import local_secret; "
ASK += "print(local_secret(Path(sys.argv[1]), 'secret-key'))"
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def manage() -> Manage:
    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        env = local_environment(folder, 1)
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)

    return run


def test_a_secret_is_kept_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    secret = local_secret(folder, "secret-key")
    assert len(secret) >= 50
    assert local_secret(folder, "secret-key") == secret
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(folder)) == ["secret-key", "secrets.lock"]


@pytest.mark.parametrize("leftover", ["", "\n"])
def test_an_empty_secret_that_a_crash_left_is_made_anew(tmp_path: Path, leftover: str) -> None:
    (tmp_path / "secret-key").write_text(leftover)
    (tmp_path / "secret-key.new").write_text("half")
    secret = local_secret(tmp_path, "secret-key")
    assert len(secret) >= 50
    assert local_secret(tmp_path, "secret-key") == secret


def test_an_empty_codes_key_beside_a_database_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "codes-key").touch()
    database = tmp_path / "postgres"
    assert local_secret(tmp_path, "codes-key", guards=database)
    (tmp_path / "codes-key").write_text("")
    database.mkdir()
    with pytest.raises(ImproperlyConfigured, match="codes-key is empty"):
        local_secret(tmp_path, "codes-key", guards=database)
    assert (tmp_path / "codes-key").read_text() == ""
    (tmp_path / "codes-key").unlink()
    assert local_secret(tmp_path, "codes-key", guards=database)


def test_first_starts_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    command = [sys.executable, "-c", ASK, str(tmp_path)]
    starts = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    secrets = {start.communicate(timeout=120)[0].strip() for start in starts}
    assert secrets == {(tmp_path / "secret-key").read_text()}


@pytest.mark.parametrize("command", ["up", "verify_log"])
def test_a_file_in_the_place_of_the_data_folder_is_one_sentence(
    tmp_path: Path, manage: Manage, command: str
) -> None:
    place = tmp_path / "data"
    place.touch()
    _is_refused_in_one_sentence(manage(place, command), place)


@pytest.mark.parametrize("command", ["up", "verify_log"])
def test_a_read_only_data_folder_is_one_sentence(tmp_path: Path, manage: Manage, command: str) -> None:
    if os.geteuid() == 0:
        # Root writes wherever there is a disk.
        place = Path("/sys/hearth")
        if not place.parent.exists():
            pytest.skip("no place here is closed to root")
    else:
        place = tmp_path / "data"
        place.mkdir(mode=0o500)
    _is_refused_in_one_sentence(manage(place, command), place)


def test_an_empty_codes_key_beside_a_database_is_one_sentence(tmp_path: Path, manage: Manage) -> None:
    (tmp_path / "codes-key").touch()
    (tmp_path / "postgres").mkdir()
    done = manage(tmp_path, "up")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "codes-key is empty" in done.stderr


def _is_refused_in_one_sentence(done: subprocess.CompletedProcess[str], place: Path) -> None:
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert f"Make {place} a folder Hearth can write to, or set HEARTH_DATA to another one." in done.stderr


def test_dbshell_finds_the_embedded_database_and_a_psql(tmp_path: Path, manage: Manage) -> None:
    done = manage(tmp_path, "dbshell", "--", "-Atc", "SELECT current_user, current_database()")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "hearth|hearth"


@pytest.mark.django_db
def test_demo_accounts_are_not_made_where_other_machines_reach_them(monkeypatch, settings, capsys) -> None:
    settings.LOCAL_MODE = True
    for name, value in (("HOST", "0.0.0.0"), ("PUBLISHED_ON", "192.0.2.7")):
        monkeypatch.setenv(name, value)
        call_command("prepare", "--demo", "--no-static")
        assert "No demo community: other machines reach" in capsys.readouterr().out
        assert not Profile.objects.exists()
