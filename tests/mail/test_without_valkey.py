"""Valkey paused, then stopped, under a running server and worker: pages come, posts are kept, and their mails come afterwards."""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import sys
import time
import urllib.error
import urllib.request

import pytest

from community.celery import app
from community.local.processes import kill_group, spawn
from community.local.valkey import start_valkey
from forums.actions.threads import ask
from profiles.actions.keys import create_api_key
from profiles.models import Delivery
from profiles.tasks import send_mail
from tests.mail.processes import environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


class Site:
    """A server and a worker of their own, on a Valkey of their own."""

    def __init__(self, valkey, smtp, key):
        self.valkey, self.key = valkey, key
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        env = environment(
            smtp.port, REDIS_URL=valkey.url, PORT=str(self.port), WEB_WORKERS="1", PAGE_CACHE_SECONDS="60"
        )
        worker = [
            "-m",
            "celery",
            "-A",
            "community",
            "worker",
            "--queues",
            "mail",
            "--pool",
            "solo",
            "--loglevel",
            "ERROR",
        ]
        self.processes = [
            spawn([sys.executable, *words], env=env) for words in (["-m", "community.web"], worker)
        ]
        wait_for(self.is_up)

    def is_up(self):
        try:
            return self.get("/readyz") == 200
        except OSError:
            return False

    def get(self, path):
        return self._open(
            urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": "localhost"})
        )

    def reply(self, thread, body):
        headers = {
            "Host": "localhost",
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
        }
        url = f"http://127.0.0.1:{self.port}/api/v1/threads/{thread.pk}/posts/"
        return self._open(urllib.request.Request(url, json.dumps({"body": body}).encode(), headers))

    def sweep(self):
        """Do what beat does every half minute."""
        with app.connection_for_write(self.valkey.url) as connection:
            app.send_task(send_mail.name, queue="mail", connection=connection)

    def close(self):
        for process in self.processes:
            kill_group(process)

    def _open(self, request):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture
def threads(alice, topic):
    return [
        ask(alice, topic=topic, subject=f"Question {number}", body="Tell me.") for number in range(3 * ROUNDS)
    ]


@pytest.fixture
def site(tmp_path, smtp, bob, threads):
    with start_valkey(tmp_path / "valkey") as valkey:
        found = Site(valkey, smtp, create_api_key(bob.user, label="proof")[1])
        yield found
        found.close()


def unsent():
    return Delivery.objects.exclude(state="sent").count()


def use(site, threads, body):
    """Open pages and reply; return the milliseconds of each."""
    times = []
    for thread in threads:
        for path in ("/questions/", thread.get_absolute_url(), f"{thread.get_absolute_url()}?page=1"):
            start = time.perf_counter()
            assert site.get(path) == 200
            times.append((time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        assert site.reply(thread, body) == 201
        times.append((time.perf_counter() - start) * 1000)
    return times


def test_without_valkey_pages_are_served_posts_are_kept_and_mails_come_later(site, smtp, threads):
    usual = use(site, threads[:ROUNDS], "As usual.")
    wait_for(lambda: len(smtp.mails) == ROUNDS and not unsent())

    os.kill(site.valkey.process.pid, signal.SIGSTOP)
    paused = use(site, threads[ROUNDS : 2 * ROUNDS], "While it was paused.")
    assert unsent() == ROUNDS
    os.kill(site.valkey.process.pid, signal.SIGCONT)
    site.sweep()
    wait_for(lambda: len(smtp.mails) == 2 * ROUNDS and not unsent())

    site.valkey.stop()
    stopped = use(site, threads[2 * ROUNDS :], "While it was stopped.")
    assert unsent() == ROUNDS
    site.valkey.start()
    site.sweep()
    wait_for(lambda: len(smtp.mails) == 3 * ROUNDS and not unsent())
    for name, times in (("as usual", usual), ("paused", paused), ("stopped", stopped)):
        print(f"{name}: median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms")
