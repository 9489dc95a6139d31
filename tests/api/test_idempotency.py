"""POSTs that are sent twice."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from forums.models import Post, Thread
from profiles.api.idempotency import forget_old_answers
from profiles.models import IdempotencyRecord

ASK = {"subject": "Where is the lid?", "topic": "kettles", "body": "I lost it."}


def send(client, body=ASK, key="k-1", url="/api/v1/threads/"):
    return client.post(url, body, headers={"Idempotency-Key": key})


def test_the_same_key_and_body_answer_as_the_first_time(as_, alice, kettles):
    client = as_(alice)
    first, second = send(client), send(client, dict(reversed(ASK.items())))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Thread.objects.count() == 1


def test_the_same_reply_under_two_keys_is_not_a_replay(as_, bob, thread):
    client, url = as_(bob), f"/api/v1/threads/{thread.pk}/posts/"
    assert (
        send(client, {"body": "One"}, "a", url).json()["id"]
        != send(client, {"body": "Two"}, "b", url).json()["id"]
    )


def test_the_same_key_with_another_body_or_address_is_a_conflict(as_, alice, thread):
    client = as_(alice)
    send(client)
    for answer in (
        send(client, {**ASK, "body": "Other"}),
        send(client, {"body": "x"}, url=f"/api/v1/threads/{thread.pk}/posts/"),
    ):
        assert answer.status_code == 409
        assert answer.json()["code"] == "idempotency_key_reused"


def test_keys_of_two_people_do_not_meet(as_, alice, bob, kettles):
    assert send(as_(alice)).json()["author"]["id"] == alice.pk
    assert send(as_(bob)).json()["author"]["id"] == bob.pk


def test_a_refusal_is_not_kept(as_, alice, kettles):
    client = as_(alice)
    assert send(client, {**ASK, "subject": ""}).status_code == 400
    assert send(client).status_code == 201


def test_after_a_day_the_key_is_free(as_, alice, kettles):
    client = as_(alice)
    first = send(client).json()["id"]
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert send(client, {**ASK, "subject": "Where is the other lid?"}).json()["id"] != first
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert forget_old_answers() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "é"])
def test_a_key_is_visible_ascii(as_, alice, kettles, key):
    answer = send(as_(alice), key=key)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_idempotency_key"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_post_once(as_, bob, thread):
    url, answers, barrier = f"/api/v1/threads/{thread.pk}/posts/", [], threading.Barrier(2)

    def post():
        client = as_(bob)
        barrier.wait()
        answers.append(send(client, {"body": "Switch it on."}, "race", url))
        connection.close()

    workers = [threading.Thread(target=post) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert sorted("Idempotent-Replayed" in answer for answer in answers) == [False, True]
    assert Post.objects.filter(thread=thread, number__gt=1).count() == 1
