"""A community of its own that can be killed: PostgreSQL, the real web server, people with keys and points."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg2

from community.local.postgres import start_postgres
from community.local.valkey import start_valkey

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300  # other things may run beside this
CLIENTS = 6
SET_BY_TESTS = re.compile("(DATABASE|REDIS|EMAIL)_URL|PYTEST_|PORT$")

FILL = """
import json
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from forums.actions.threads import ask
from forums.models import Topic, TopicGroup
from points.actions.codes import generate_codes
from points.actions.ledger import book
from points.models import Gift, Kind, Reward
from profiles.actions.accounts import create_member
from profiles.actions.keys import create_api_key
root = create_member("root@example.com", first_name="Root", role="admin", verified=True)
now = timezone.now()
Reward.objects.create(slug="sticker", title="Sticker", price=2, stock=20000, stocked=20000, member_limit=None, published_at=now)
voucher = Reward.objects.create(slug="voucher", title="Voucher", kind="credit", price=3, member_limit=None, published_at=now)
for _each in range(CODES // 1000):
    generate_codes(root, voucher, count=1000)
keys = {}
for number in range(MEMBERS):
    who = create_member(f"m{number}@example.com", first_name=f"M{number}", verified=True)
    paid, _made = book(who.pk, Kind.GIFT, 100000, cause=f"crash:{number}", actor_id=root.pk)
    Gift.objects.create(giver=root, receiver=who, points=paid.amount, transaction=paid)
    keys[who.pk] = create_api_key(who.user, label="crash")[1]
topic = Topic.objects.create(group=TopicGroup.objects.create(name="Product", slug="product"), name="Exports", slug="exports")
thread = ask(who, topic=topic, subject="Why is the export empty?", body="It has no rows.")
print("THREAD", thread.pk, thread.slug)
print("KEYS " + json.dumps(keys))
"""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


class House:
    """What runs, and the verbs of whoever wants to break it."""

    def __init__(self, folder: Path, *, members: int, codes: int, **environment: str) -> None:
        """`members` are so many that nobody meets the API's limit of writes, `codes` more than will be redeemed."""
        self.postgres = start_postgres(folder / "postgres")
        self.valkey = start_valkey(folder / "valkey")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not SET_BY_TESTS.match(name)}
        self.env = kept | {
            "DATABASE_URL": self.postgres.url, "DATABASE_ADMIN_URL": self.postgres.owner_url,
            "REDIS_URL": self.valkey.url, "HEARTH_DATA": str(folder / "data"), "HEARTH_LOCAL": "1", "PORT": str(self.port),
            "LOG_LEVEL": "CRITICAL", "PYTHONDONTWRITEBYTECODE": "1", **environment,
        }  # fmt: skip
        out = self.manage("shell", "--no-imports", "-c", f"MEMBERS, CODES = {members}, {codes}\n{FILL}")
        self.keys: dict[int, str] = {
            int(who): key for who, key in json.loads(out.partition("KEYS ")[2]).items()
        }
        self.thread, self.slug = out.partition("THREAD ")[2].split()[:2]
        self.web: subprocess.Popen[bytes] | None = None
        self.said = folder / "web.log"
        self.start_web()

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start_web(self) -> None:
        self._launch()
        self.wait_until_ready()

    def _launch(self) -> None:
        self._end_web()
        with self.said.open("ab") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-m", "community.web"],
                cwd=ROOT,
                env=self.env,
                start_new_session=True,
                stdout=log,
                stderr=log,
            )

    def _end_web(self) -> None:
        """SIGKILL whatever is left of the server, workers without their parent too."""
        if self.web is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()

    def wait_until_ready(self) -> None:
        until, last = time.monotonic() + PATIENCE_SECONDS, "nothing"
        while time.monotonic() < until:
            assert self.web is not None and self.web.poll() is None, (
                f"the server ended\n{self.said.read_text()[-3000:]}"
            )
            try:
                with contextlib.closing(
                    http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                ) as connection:
                    connection.request("GET", "/readyz")
                    answer = connection.getresponse()
                    last = f"{answer.status} {answer.read()!r}"
                    if answer.status == 200:
                        return
            except (OSError, http.client.HTTPException) as error:
                last = repr(error)
            time.sleep(0.05)
        raise AssertionError(f"the server did not come back: {last}\n{self.said.read_text()[-3000:]}")

    def kill_a_worker(self) -> None:
        """SIGKILL one of the processes that answer; the server puts another in its place."""
        assert self.web is not None
        if workers := psutil.Process(self.web.pid).children():
            random.choice(workers).kill()

    def kill_everything(self) -> None:
        """SIGKILL the whole server, and start it again."""
        self.start_web()

    def crash_postgres(self) -> None:
        """Stop PostgreSQL at once, as a crash does; it recovers from its log."""
        assert self.postgres.process is not None
        self.postgres.process.send_signal(signal.SIGQUIT)
        self.postgres.process.wait()
        self.postgres.launch()

    @contextlib.contextmanager
    def stopped_postgres(self) -> Iterator[None]:
        assert self.postgres.process is not None
        self.postgres.process.send_signal(signal.SIGINT)
        self.postgres.process.wait()
        try:
            yield
        finally:
            self.postgres.launch()

    @contextlib.contextmanager
    def hung_postgres(self) -> Iterator[None]:
        """Every process of PostgreSQL stands still; what is sent to it is accepted and never answered."""
        assert self.postgres.process is not None
        main = psutil.Process(self.postgres.process.pid)
        main.suspend()
        family = [main, *main.children(recursive=True)]
        for process in family[1:]:
            process.suspend()
        try:
            yield
        finally:
            for process in reversed(family):
                process.resume()

    @contextlib.contextmanager
    def hung_valkey(self) -> Iterator[None]:
        assert self.valkey.process is not None
        self.valkey.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.valkey.process.send_signal(signal.SIGCONT)

    def request(
        self, method: str, path: str, *, body: dict | None = None, member: int | None = None, key: str = ""
    ) -> Answer:
        """Ask as a guest, or as a member by their API key."""
        headers = {"Host": "localhost", "Content-Type": "application/json"}
        if member is not None:
            headers["Authorization"] = f"Bearer {self.keys[member]}"
        if key:
            headers["Idempotency-Key"] = key
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        ) as connection:
            connection.request(
                method, path, body=json.dumps(body) if body is not None else None, headers=headers
            )
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())

    def ask(self, sql: str) -> list[tuple]:
        connection = psycopg2.connect(self.postgres.url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        finally:
            connection.close()

    def stop(self) -> None:
        self._end_web()
        self.postgres.stop()
        self.valkey.stop()


class Burst:
    """Clients that redeem without pause, each request with a key of its own, and write down what they were told."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.over = threading.Event()
        # key → (member, reward, what was acknowledged: the redemption's id, a refusal's code, or None for no answer).
        self.known: dict[str, tuple[int, str, int | str | None]] = {}
        self.statuses: list[int] = []
        self.threads = [threading.Thread(target=self._run, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> Burst:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _run(self, number: int) -> None:
        people, count = list(self.house.keys), number
        while not self.over.is_set():
            count += CLIENTS
            slug, key = "voucher" if count % 3 else "sticker", f"k-{count}"
            # Whoever gets no answer asks again with the same key, as a client should.
            while not self.over.is_set() and not self.send(people[count % len(people)], slug, key):
                time.sleep(0.2)

    def send(self, member: int, slug: str, key: str) -> bool:
        """Ask once, write down the answer, and say whether there was one."""
        headers = {
            "Authorization": f"Bearer {self.house.keys[member]}", "Idempotency-Key": key, "Content-Type": "application/json",
            "Host": "localhost",
        }  # fmt: skip
        found: int | str | None = None
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=30)
        try:
            connection.request("POST", f"/api/v1/rewards/{slug}/redeem/", body="{}", headers=headers)
            answer = connection.getresponse()
            data = json.loads(answer.read() or b"{}")
            self.statuses.append(answer.status)
            if answer.status == 201:
                found = data["id"]
            elif answer.status == 409:
                found = data["code"]
        except (OSError, http.client.HTTPException, ValueError):
            self.statuses.append(0)
        finally:
            connection.close()
        self.known[key] = (member, slug, found)
        return found is not None
