"""The outbox: written with what happened, delivered once, tried again, given up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from integrations.actions import PAUSES, announce, forget_old
from integrations.events import POINTS_GIFTED
from integrations.models import OutboxEvent
from integrations.tasks import deliver_due

GIFT = {
    "giver": "Mo",
    "member": "Bob",
    "points": 25,
    "reason": "A fine report.",
    "url": "https://example.com/bob/",
}


@pytest.fixture
def told(db, receiver):
    announce(POINTS_GIFTED, GIFT, source_key="gift:1")
    return OutboxEvent.objects.get()


def test_without_an_address_nothing_is_written(db, settings):
    settings.SLACK_WEBHOOK_URL = ""
    assert announce(POINTS_GIFTED, GIFT, source_key="gift:1") == 0
    assert not OutboxEvent.objects.exists()


def test_a_gift_is_told_once(told, receiver):
    announce(POINTS_GIFTED, GIFT, source_key="gift:1")
    assert (deliver_due(), deliver_due()) == (1, 0)
    assert [one["text"] for one in receiver.got] == ["25 points for Bob: A fine report."]
    told.refresh_from_db()
    assert told.delivered_at is not None and told.due_at is None


def test_what_is_rolled_back_is_not_told(db, receiver):
    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        announce(POINTS_GIFTED, GIFT, source_key="gift:2")
        raise Undo
    assert deliver_due() == 0


def test_a_failure_is_tried_again_later_and_given_up_after_a_day(told, receiver):
    receiver.status = 503
    for number in range(len(PAUSES) + 1):
        assert deliver_due() == 0
        told.refresh_from_db()
        assert told.attempts == number + 1
        OutboxEvent.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    assert told.gave_up_at is not None and told.error == "HTTP 503"
    receiver.status = 200
    assert deliver_due() == 0


def test_a_receiver_may_ask_for_patience(told, receiver):
    receiver.status, receiver.headers = 429, {"Retry-After": "3000"}
    deliver_due()
    told.refresh_from_db()
    assert told.due_at > timezone.now() + timedelta(seconds=2900)


def test_a_webhook_that_was_removed_is_not_tried_again(told, receiver):
    receiver.status = 404
    deliver_due()
    told.refresh_from_db()
    assert told.gave_up_at is not None


def test_a_receiver_that_is_away_does_no_harm_and_its_address_is_not_kept(told, receiver, settings):
    settings.SLACK_WEBHOOK_URL = "http://127.0.0.1:1/services/hush"
    assert deliver_due() == 0
    told.refresh_from_db()
    assert told.error == "ConnectError" and told.due_at > timezone.now()


def test_an_address_taken_away_ends_it(told, settings):
    settings.SLACK_WEBHOOK_URL = ""
    assert deliver_due() == 0
    told.refresh_from_db()
    assert told.gave_up_at is not None


def test_a_worker_that_died_leaves_its_row_to_the_next(told, receiver):
    OutboxEvent.objects.update(attempts=1, due_at=timezone.now() - timedelta(seconds=1))  # its lease is over
    assert deliver_due() == 1


def test_no_private_fact_is_announced(db, receiver):
    with pytest.raises(ValueError, match="code"):
        announce(POINTS_GIFTED, {**GIFT, "code": "SAVE-10"}, source_key="gift:3")
    with pytest.raises(ValueError, match="no event"):
        announce("points.stolen", GIFT, source_key="gift:3")


def test_old_announcements_are_forgotten_and_waiting_ones_are_not(told):
    OutboxEvent.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert forget_old() == 0
    OutboxEvent.objects.update(due_at=None, delivered_at=timezone.now())
    assert (forget_old(), forget_old()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_once(receiver):
    for number in range(10):
        announce(POINTS_GIFTED, GIFT, source_key=f"gift:{number}")

    def work(_number):
        try:
            return deliver_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 10
    assert len(receiver.got) == 10


def test_admins_look_at_it_and_nobody_writes(told, as_, root, mo):
    page = as_(root).get("/admin/integrations/outboxevent/")
    assert page.status_code == 200 and b"gift:1" in page.content
    assert as_(root).get("/admin/integrations/outboxevent/add/").status_code == 403
    assert as_(mo).get("/admin/integrations/outboxevent/").status_code == 403
