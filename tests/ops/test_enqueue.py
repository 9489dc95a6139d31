"""Telling Celery: only after commit, and never at the price of a request."""

import signal
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import pytest
import redis
from celery import Celery, Task
from django.db import transaction

from community.celery import QUEUES
from community.celery import app as hearth
from community.lib import tasks
from community.local.valkey import EmbeddedValkey, start_valkey


def work(number: int) -> int:
    return number


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    tasks.breaker.reset()
    with start_valkey(tmp_path) as server:
        yield server
    tasks.breaker.reset()


@pytest.fixture
def task(broker: EmbeddedValkey) -> Task:
    app = Celery("apart", set_as_current=False)
    app.conf.update(
        broker_url=broker.url,
        task_default_queue="default",
        broker_transport_options={"visibility_timeout": 3600},
    )
    return app.task(name="apart.work")(work)


def waiting(server: EmbeddedValkey) -> int:
    with redis.Redis.from_url(server.url) as client:
        return int(client.llen("default"))


@pytest.mark.django_db(transaction=True)
def test_a_task_is_sent_once_the_transaction_commits(broker: EmbeddedValkey, task: Task) -> None:
    with transaction.atomic():
        tasks.enqueue(task, 1)
        assert waiting(broker) == 0
    assert waiting(broker) == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_sends_nothing(broker: EmbeddedValkey, task: Task) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tasks.enqueue(task, 1)
        1 / 0  # noqa: B018
    assert waiting(broker) == 0


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_the_message_and_not_the_request(
    broker: EmbeddedValkey, task: Task
) -> None:
    broker.stop()
    with transaction.atomic():
        tasks.enqueue(task, 1)
    assert tasks.breaker.is_open


def test_after_a_failure_nobody_tries_for_a_while(broker: EmbeddedValkey, task: Task) -> None:
    assert broker.process
    broker.process.send_signal(signal.SIGSTOP)
    assert tasks.send(task, 1) is False
    broker.process.send_signal(signal.SIGCONT)
    assert tasks.send(task, 2) is False
    tasks.breaker.reset()
    assert tasks.send(task, 3) is True


def test_it_works_again_after_the_broker_restarted(broker: EmbeddedValkey, task: Task) -> None:
    assert tasks.send(task, 1) is True
    assert broker.process
    broker.process.kill()
    broker.process.wait()
    broker.launch()
    tasks.send(task, 2)
    tasks.breaker.reset()
    assert tasks.send(task, 3) is True


@pytest.mark.parametrize("queue", QUEUES)
def test_a_task_goes_to_its_own_queue_only(broker: EmbeddedValkey, queue: str) -> None:
    conf = {
        key: hearth.conf[key]
        for key in ("task_queues", "task_default_queue", "task_default_exchange", "task_default_routing_key")
    }
    app = Celery("apart", set_as_current=False)
    app.conf.update(broker_url=broker.url, broker_transport_options={"visibility_timeout": 3600}, **conf)
    assert tasks.send(app.task(name="apart.work")(work), 1, queue=queue)
    with redis.Redis.from_url(broker.url) as client:
        assert {name: client.llen(name) for name in QUEUES} == {name: int(name == queue) for name in QUEUES}


def test_every_task_can_be_given_to_the_broker(broker: EmbeddedValkey) -> None:
    hearth.loader.import_default_modules()
    ours = [task for name, task in hearth.tasks.items() if not name.startswith(("celery.", "apart."))]
    assert len(ours) > 20
    with hearth.connection_for_write(broker.url) as connection:
        for task in ours:
            wanted = [1 for one in signature(task.run).parameters.values() if one.default is one.empty]
            task.apply_async(args=wanted, queue="default", connection=connection, retry=False)
            assert 0 < task.soft_time_limit < (task.time_limit or hearth.conf.task_time_limit), task.name
    assert waiting(broker) == len(ours)
