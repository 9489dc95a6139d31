"""Workers are killed at random moments while digests go out: everybody gets theirs, and at most one comes twice a kill.

`make proof` runs it with 2,000 members and 20 kills.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from bench.crowd import make_crowd, subscribe_all
from forums.actions.digests import queue_digests
from forums.actions.threads import ask
from forums.models import Thread
from profiles.models import Delivery, MailSettings
from tests.mail.processes import environment, wait_for
from tests.proof import sizes

pytestmark = pytest.mark.django_db(transaction=True)
CLAIM_SECONDS = 2  # what a killed worker had is taken up after that


class Nursery:
    """Has workers made and kills them."""

    def __init__(self, smtp_port: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mail.worker"],
            env=environment(smtp_port, MAIL_CLAIM_SECONDS=str(CLAIM_SECONDS)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()
        self.workers: list[int] = []

    def add(self) -> int:
        assert self.process.stdin
        self.process.stdin.write("another\n")
        self.process.stdin.flush()
        self.workers.append(int(self._read()))
        return self.workers[-1]

    def kill(self, pid: int) -> None:
        self.workers.remove(pid)
        os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        for pid in list(self.workers):
            self.kill(pid)
        self.process.kill()
        self.process.communicate()

    def _read(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline().strip()
        assert line, "The workers' parent has ended."
        return line


@pytest.fixture
def nursery(smtp) -> Iterator[Nursery]:
    found = Nursery(smtp.port)
    yield found
    found.close()


@pytest.mark.parametrize("size", sizes(members=(80, 2000), kills=(5, 20)))
def test_killed_workers_lose_nothing_and_repeat_at_most_one_mail_each(
    smtp, nursery, alice, topic, size, proof_figures
):
    members, kills = size["members"], size["kills"]
    people = make_crowd(members)
    subscribe_all(people, [topic], each=1)
    for number in range(3):
        ask(alice, topic=topic, subject=f"Question {number}", body="Tell me.")
    Thread.objects.update(created_at=timezone.now() - timedelta(hours=1))
    MailSettings.objects.bulk_create([MailSettings(profile_id=pk, digest_hour=0) for pk in people])
    assert queue_digests() == members

    chance = random.Random(os.environ.get("HEARTH_SEED"))
    moments = sorted(chance.randrange(members * 9 // 10) for _kill in range(kills))
    for moment in moments:
        worker = nursery.add()
        wait_for(lambda moment=moment: len(smtp.mails) >= moment)
        time.sleep(
            chance.random() * 0.03
        )  # anywhere between two mails: while one is made, handed over or noted
        nursery.kill(worker)
    nursery.add()
    digests = Delivery.objects.filter(kind="digest")
    wait_for(lambda: not digests.exclude(state="sent").exists())

    ids = defaultdict(list)
    for (address,), mail in list(smtp.mails):
        ids[address].append(mail["Message-ID"])
    assert set(ids) == {f"crowd-{number}@example.com" for number in range(members)}
    repeated = {address: found for address, found in ids.items() if len(found) > 1}
    assert all(len(set(found)) == 1 for found in repeated.values())
    assert sum(len(found) - 1 for found in repeated.values()) <= kills
    assert len(set().union(*ids.values())) == members
    assert Counter(digests.values_list("state", flat=True)) == {"sent": members}
    proof_figures(members=members, kills=kills, missing=0, repeated=len(repeated))

    count, out = len(smtp.mails), StringIO()
    call_command("send_digests", stdout=out)
    assert out.getvalue() == "0 queued; nothing to send.\n"
    assert len(smtp.mails) == count
