"""The embedded Valkey: behind a password, on the loopback only, and never a reason not to start."""

import os
import signal
from pathlib import Path

import psutil
import pytest
import redis

from community.local.processes import StackError
from community.local.valkey import start_valkey


def test_data_survives_a_restart(tmp_path: Path) -> None:
    with start_valkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        client.set("note", "kept")
    with start_valkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("note") == b"kept"


def test_it_asks_for_the_password_and_listens_on_the_loopback_only(tmp_path: Path) -> None:
    with start_valkey(tmp_path) as server:
        assert server.process
        listening = [
            c.laddr.ip
            for c in psutil.Process(server.process.pid).net_connections("inet")
            if c.status == "LISTEN"
        ]
        assert listening == ["127.0.0.1"]
        with redis.Redis(port=server.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.get("note")
        assert os.stat(server.home / "url").st_mode & 0o777 == 0o600
        assert os.stat(server.home / "valkey.conf").st_mode & 0o777 == 0o600


def test_a_second_start_in_the_same_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with start_valkey(tmp_path), pytest.raises(StackError, match=f"process {os.getpid()} already runs in"):
        start_valkey(tmp_path)


def test_after_a_crash_it_comes_back_on_the_same_address(tmp_path: Path) -> None:
    with start_valkey(tmp_path) as server:
        before = server.url
        assert server.process
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        server.launch()
        assert server.url == before
        with redis.Redis.from_url(before) as client:
            assert client.ping()


def test_an_unreadable_dump_is_put_aside(tmp_path: Path) -> None:
    with start_valkey(tmp_path) as server:
        dump = server.home / "dump.rdb"
    dump.write_bytes(b"REDIS0011 but not really")
    with start_valkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.dbsize() == 0
    assert dump.with_name("dump.rdb.unreadable").exists()


def test_one_that_outlived_its_owner_is_ended_first(tmp_path: Path) -> None:
    orphan = start_valkey(tmp_path)
    orphan.lock.release()
    with start_valkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()
        assert orphan.process
        assert orphan.process.wait(10) is not None
