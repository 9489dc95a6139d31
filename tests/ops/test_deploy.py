"""What `docker compose up` starts: nothing with a known password, nothing that other machines reach unasked."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ops.test_up import ROOT, free_port

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = ("prepare", "web", "worker", "beat")


def test_every_port_is_published_on_this_machine_only():
    published = [port for service in COMPOSE.values() for port in service.get("ports", [])]
    assert published
    assert [port for port in published if not port.startswith(("127.0.0.1:", "${BIND:-127.0.0.1}:"))] == []


def test_every_password_is_this_installations_own():
    text = (ROOT / "docker-compose.yml").read_text()
    assert re.findall(r"\$\{\w*PASSWORD:?-[^}]*", text) == []
    assert "--requirepass" in str(COMPOSE["valkey"]["command"])


def test_only_prepare_knows_the_owner_of_the_tables():
    environments = {name: COMPOSE[name]["environment"] for name in OURS}
    assert {name for name, env in environments.items() if env["DATABASE_ADMIN_URL"]} == {"prepare"}
    assert {env["POSTGRES_PASSWORD"] for env in environments.values()} == {""}
    assert all("hearth_app:" in env["DATABASE_URL"] for env in environments.values())


def test_the_published_port_moves_the_address_and_not_the_servers():
    env = COMPOSE["web"]["environment"]
    assert env["PORT"] == "8000"
    assert "server web:8000;" in (ROOT / "deploy" / "nginx.conf").read_text()
    assert env["SITE_URL"].endswith("http://localhost:${PORT:-8000}}")


def test_the_beat_remembers_its_last_runs_in_the_data_folder():
    assert '--schedule "${HEARTH_DATA:-/data}/beat-schedule"' in (ROOT / "deploy" / "entrypoint").read_text()


def test_make_env_fills_in_what_is_missing_and_keeps_the_rest(tmp_path):
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "make-env", tmp_path / "deploy")
    env = tmp_path / ".env"
    env.write_text("PORT=9000\nPOSTGRES_PASSWORD=mine\nVALKEY_PASSWORD=")
    for _twice in range(2):
        subprocess.run([tmp_path / "deploy" / "make-env"], check=True, capture_output=True)
    found = dict(line.split("=", 1) for line in env.read_text().splitlines())
    assert (found["PORT"], found["POSTGRES_PASSWORD"]) == ("9000", "mine")
    assert len(found["APP_PASSWORD"]) == len(found["VALKEY_PASSWORD"]) == 64
    assert found["APP_PASSWORD"] != found["VALKEY_PASSWORD"]
    assert len(env.read_text().splitlines()) == 5  # the empty one stays above, and the last one counts
    wanted = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    assert wanted <= found.keys()


class Echo(BaseHTTPRequestHandler):
    """Answers with the header the proxy sent."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write((self.headers["X-Forwarded-Proto"] or "").encode())

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[dict[int, int]]:
    """The proxy's own configuration on free ports, by the port each stands for."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed here")
    behind = HTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    ports = {8080: free_port(), 8443: free_port()}
    site = (
        (ROOT / "deploy" / "nginx.conf")
        .read_text()
        .replace("server web:8000", f"server 127.0.0.1:{behind.server_port}")
    )
    for port, free in ports.items():
        site = site.replace(f"listen {port};", f"listen 127.0.0.1:{free};").replace(
            f"    {port} ", f"    {free} "
        )
    conf = tmp_path / "nginx.conf"
    temporary = "\n".join(
        f"{one}_temp_path {tmp_path}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf.write_text(
        f"pid {tmp_path}/pid;\ndaemon off;\nmaster_process off;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}\n{site}\n}}\n"
    )
    running = subprocess.Popen([program, "-e", str(tmp_path / "error.log"), "-c", str(conf)])
    for port in ports.values():
        _wait_for(port)
    yield ports
    running.terminate()
    running.wait(20)
    behind.shutdown()
    behind.server_close()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx did not start")


@pytest.mark.parametrize(("port", "scheme"), [(8080, "http"), (8443, "https")])
@pytest.mark.parametrize("claim", [None, "https", "http"])
def test_the_proxy_says_the_scheme_whatever_a_visitor_claims(nginx, port, scheme, claim):
    headers = {"X-Forwarded-Proto": claim} if claim else {}
    request = urllib.request.Request(f"http://127.0.0.1:{nginx[port]}/", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.read().decode() == scheme
