"""Many people act at once: the chain stays one chain."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from community.audit import record
from community.audit.models import LogEntry
from community.audit.queries import broken_entries

THREADS, EACH = 8, 10


def _at_once(work):
    failures, barrier = [], threading.Barrier(THREADS)

    def run(number):
        barrier.wait()
        try:
            work(number)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_entries_of_many_at_once_make_one_chain():
    def work(number):
        for one in range(EACH):
            with transaction.atomic():
                record("thread.locked", actor_id=number, target=f"thread:{one}", reason=f"Number {one}.")
                # Some change their mind: their entry, and the number it took, are gone.
                if one % 5 == 4:
                    transaction.set_rollback(True)

    _at_once(work)
    assert LogEntry.objects.count() == THREADS * EACH * 4 // 5
    assert list(broken_entries()) == []


@pytest.mark.django_db(transaction=True)
def test_one_cause_told_by_many_is_recorded_once():
    _at_once(
        lambda number: record("role.changed", actor_id=number, target="profile:1", source_key="membership:9")
    )
    assert LogEntry.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert cursor.fetchone() == (0,)
