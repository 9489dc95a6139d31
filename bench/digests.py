"""How fast digests are queued and sent: members with five topics each, to a mail server in a process of its own.

BENCH_MEMBERS sets how many members; two workers send, each a process.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

MEMBERS = int(os.environ.get("BENCH_MEMBERS", "6000"))
TOPICS_EACH, TOPICS, QUESTIONS, WORKERS = 5, 20, 60, 2
WORK = """
import django; django.setup()
from profiles.mail import deliveries
print("ready", flush=True); input()
print(deliveries.send_due(bulk=True)["sent"], flush=True)
"""


def digests() -> list[dict[str, Any]]:
    """Return rows for the table: digests a second, and statements for each mail of a small and of a full batch."""
    parent, child = multiprocessing.Pipe()
    sink = multiprocessing.get_context("spawn").Process(target=serve, args=(child,), daemon=True)
    sink.start()
    try:
        return _measure(parent.recv(), parent)
    finally:
        sink.kill()


def serve(pipe: Connection) -> None:
    """Take mail on a free port, and say how much of it came when asked."""
    import asyncio

    from aiosmtpd.smtp import SMTP, Envelope, Session

    taken: set[str] = set()

    class Handler:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
            taken.update(envelope.rcpt_tos)
            return "250 OK"

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(Handler()), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        asyncio.get_running_loop().add_reader(pipe.fileno(), lambda: pipe.send((pipe.recv(), len(taken))[1]))
        await server.serve_forever()

    asyncio.run(run())


def _measure(port: int, pipe: Connection) -> list[dict[str, Any]]:
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from forums.actions.digests import queue_digests
    from profiles.mail import deliveries

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    subscriptions = _write()
    size = f"{MEMBERS:,} members"
    with CaptureQueriesContext(connection) as asked:
        start = time.perf_counter()
        queued = queue_digests()
        took = time.perf_counter() - start
    rows = [
        {
            "size": size,
            "what": f"queue, {subscriptions:,} bells",
            "rps": round(queued / took),
            "sql": len(asked),
        }
    ]
    for batch in (10, deliveries.BATCH):
        with CaptureQueriesContext(connection) as asked:
            sent = len(list(deliveries.send_batches(deliveries.claim_due(bulk=True, limit=batch))))
        rows.append(
            {"size": size, "what": f"a mail, in batches of {batch}", "sql": round(len(asked) / sent, 2)}
        )
    sent, took = _send_by_workers(port)
    pipe.send("how many?")
    if (arrived := pipe.recv()) != MEMBERS:
        raise SystemExit(f"Of {MEMBERS} digests {arrived} arrived.")
    rows.append({"size": size, "what": "digests sent, two workers", "rps": round(sent / took)})
    return rows


def _send_by_workers(port: int) -> tuple[int, float]:
    """Return how many mails the workers sent, and the seconds from their start signal to the last one's end."""
    environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    command = [sys.executable, "-c", WORK]
    workers = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _each in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout.readline().strip() == "ready"
    start = time.perf_counter()
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    sent = sum(int(worker.stdout.readline()) for worker in workers)
    took = time.perf_counter() - start
    for worker in workers:
        worker.wait(10)
    return sent, took


def _write() -> int:
    from django.utils import timezone

    from bench.crowd import make_crowd, subscribe_all
    from forums.models import Thread, Topic, TopicGroup
    from profiles.models import MailSettings, Profile

    group = TopicGroup.objects.create(name="Measured", slug="measured")
    made = [
        Topic(group=group, name=f"Measured {n}", slug=f"measured-{n}", description="") for n in range(TOPICS)
    ]
    topics = Topic.objects.bulk_create(made)
    author = Profile.objects.create(name="Asker", handle="measured-asker")
    now = timezone.now() - timedelta(hours=1)
    Thread.objects.bulk_create(
        [
            Thread(topic=topics[n % TOPICS], author=author, subject=f"A question of ordinary length, number {n}",
                   slug=f"measured-{n}", created_at=now)
            for n in range(QUESTIONS)
        ]
    )  # fmt: skip
    people = make_crowd(MEMBERS)
    MailSettings.objects.bulk_create(
        [MailSettings(profile_id=pk, digest_hour=0) for pk in people], batch_size=5000
    )
    return subscribe_all(people, topics, each=TOPICS_EACH)
