"""The embedded PostgreSQL: its data outlives it, and whatever a crash leaves behind does not stop the next start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg2
import pytest

from community.local.postgres import EmbeddedPostgres, start_postgres
from community.local.processes import StackError

OWNER = """
import sys, time
from community.local.postgres import start_postgres
server = start_postgres(sys.argv[1])
print(server.process.pid, flush=True)
time.sleep(600)
"""


def ask(server: EmbeddedPostgres, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(server.administrator_url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def pid_of(server: EmbeddedPostgres) -> int:
    assert server.process
    return server.process.pid


def test_data_survives_a_restart(tmp_path: Path) -> None:
    with start_postgres(tmp_path) as server:
        ask(server, "CREATE TABLE note (text) AS SELECT 'kept'::text")
    with start_postgres(tmp_path) as server:
        assert ask(server, "SELECT text FROM note") == [("kept",)]


def test_it_has_the_extensions_hearth_needs(tmp_path: Path) -> None:
    with start_postgres(tmp_path, durable=False) as server:
        ask(server, "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")
        assert ask(server, "SELECT to_tsvector('simple', 'Élan — straße')::text") == [
            ("'straße':2 'élan':1",)
        ]


def test_nothing_listens_on_the_network(tmp_path: Path) -> None:
    with start_postgres(tmp_path, durable=False) as server:
        assert not [c for c in psutil.Process(pid_of(server)).net_connections("inet") if c.status == "LISTEN"]


def test_a_second_start_in_the_same_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with (
        start_postgres(tmp_path, durable=False),
        pytest.raises(StackError, match=f"process {os.getpid()} already runs in"),
    ):
        start_postgres(tmp_path)


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(tmp_path: Path) -> None:
    with start_postgres(tmp_path) as server:
        pid_file = server.home / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with start_postgres(tmp_path) as server:
            assert ask(server, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_killed_server_starts_again_with_its_data(tmp_path: Path) -> None:
    with start_postgres(tmp_path) as server:
        ask(server, "CREATE TABLE note (text) AS SELECT 'kept'::text")
        assert server.process
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
    with start_postgres(tmp_path) as server:
        assert ask(server, "SELECT text FROM note") == [("kept",)]


def test_a_server_that_outlived_its_owner_is_ended_first(tmp_path: Path) -> None:
    server = start_postgres(tmp_path, durable=False)
    orphan = pid_of(server)
    server.lock.release()
    with start_postgres(tmp_path, durable=False) as successor:
        assert pid_of(successor) != orphan
        assert server.process
        assert server.process.wait(10) is not None
        assert ask(successor, "SELECT 1") == [(1,)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the death signal is Linux's")
def test_the_server_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE)
    assert owner.stdout
    server = psutil.Process(int(owner.stdout.readline()))
    owner.kill()
    owner.wait()
    owner.stdout.close()
    server.wait(20)
    assert not server.is_running()


def test_an_interrupted_first_start_leaves_nothing_half_made(tmp_path: Path) -> None:
    half_made = tmp_path / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    with start_postgres(tmp_path, durable=False) as server:
        assert ask(server, "SELECT current_database()") == [("hearth",)]
    assert not half_made.exists()


def test_files_of_another_version_are_refused_with_a_sentence(tmp_path: Path) -> None:
    with start_postgres(tmp_path, durable=False) as server:
        version = server.home / "PG_VERSION"
    version.write_text("15\n")
    with pytest.raises(StackError, match="made by PostgreSQL 15 and this is 18"):
        start_postgres(tmp_path)


def test_a_very_long_folder_name_works(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 25)
    with start_postgres(folder, durable=False) as server:
        assert ask(server, "SELECT 1") == [(1,)]


def test_a_folder_name_with_spaces_works(tmp_path: Path) -> None:
    with start_postgres(tmp_path / "my data, äöü", durable=False) as server:
        assert ask(server, "SELECT 1") == [(1,)]
