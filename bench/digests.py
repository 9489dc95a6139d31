"""How fast digests are queued and sent: 20,000 members with five topics each, to a mail server in a process of its own.

`python -m bench.digests` measures only this; BENCH_MEMBERS sets the size.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import time
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

MEMBERS = int(os.environ.get("BENCH_MEMBERS", "20000"))
TOPICS_EACH, TOPICS, QUESTIONS = 5, 20, 60


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
    from profiles.actions import deliveries

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    subscriptions = _write()
    size = f"{MEMBERS:,} members"
    with CaptureQueriesContext(connection) as asked:
        start = time.perf_counter()
        queued = queue_digests()
        took = time.perf_counter() - start
    rows = [{"size": size, "what": f"queue, {subscriptions:,} bells", "rps": round(queued / took), "sql": len(asked)}]
    for batch in (10, deliveries.BATCH):
        with CaptureQueriesContext(connection) as asked:
            sent = len(list(deliveries.send_parcels(deliveries.claim_due(bulk=True, limit=batch))))
        rows.append({"size": size, "what": f"a mail, in batches of {batch}", "sql": round(len(asked) / sent, 2)})
    start = time.perf_counter()
    ended = deliveries.send_due(bulk=True)
    took = time.perf_counter() - start
    pipe.send("how many?")
    if (arrived := pipe.recv()) != MEMBERS:
        raise SystemExit(f"Of {MEMBERS} digests {arrived} arrived: {ended}.")
    rows.append({"size": size, "what": "digests sent, one worker", "rps": round(ended["sent"] / took)})
    return rows


def _write() -> int:
    from django.utils import timezone

    from bench.crowd import make_crowd, subscribe_all
    from forums.models import Thread, Topic, TopicGroup
    from profiles.models import MailSettings, Profile

    group = TopicGroup.objects.create(name="Measured", slug="measured")
    made = [Topic(group=group, name=f"Measured {n}", slug=f"measured-{n}", description="") for n in range(TOPICS)]
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
    MailSettings.objects.bulk_create([MailSettings(profile_id=pk, digest_hour=0) for pk in people], batch_size=5000)
    return subscribe_all(people, topics, each=TOPICS_EACH)


def main() -> None:
    """Measure on servers of our own."""
    from bench.run import manage, setup

    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    services = setup(folder)
    try:
        import django

        manage("migrate", "--verbosity", "0")
        django.setup()
        for row in digests():
            print("  ".join(f"{name} {value}" for name, value in row.items()))
    finally:
        for service in reversed(services):
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
