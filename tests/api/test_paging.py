"""Cursor pages: complete, both ways, stable under writes, and no faster way in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Post, Thread

THREADS = "/api/v1/threads/"


def walk(client, url, way="next"):
    """Return the ids of every page from `url` on."""
    pages = []
    while url:
        page = client.get(url).json()
        pages.append([row["id"] for row in page["results"]])
        url = page[way]
    return pages


def flat(pages):
    return [row for page in pages for row in page]


@pytest.fixture
def seven(alice, kettles):
    threads = [ask(alice, topic=kettles, subject=f"Question number {n}", body=f"Text {n}") for n in range(7)]
    same = timezone.now()
    Thread.objects.update(created_at=same)  # a tie: the id decides
    return [thread.pk for thread in reversed(threads)]


@pytest.mark.parametrize("sort", ["latest", "active", "popular"])
def test_every_row_comes_once_whatever_the_order(guest, seven, sort):
    pages = walk(guest, f"{THREADS}?sort={sort}&limit=3")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(flat(pages)) == sorted(seven)


def test_the_way_back_shows_the_same_pages(guest, seven):
    first = guest.get(f"{THREADS}?limit=3").json()
    assert first["previous"] is None
    second = guest.get(first["next"]).json()
    third = guest.get(second["next"]).json()
    assert third["next"] is None
    assert guest.get(third["previous"]).json()["results"] == second["results"]
    back = guest.get(second["previous"]).json()
    assert back["results"] == first["results"] and back["previous"] is None and back["next"]


def test_writes_between_pages_repeat_and_skip_nothing(guest, seven, alice, bob, kettles):
    first = guest.get(f"{THREADS}?limit=3").json()
    ask(bob, topic=kettles, subject="A newer question", body="Text")
    Thread.objects.filter(pk=seven[1]).update(archived_at=timezone.now())
    rest = walk(guest, first["next"])
    assert flat(rest) == seven[3:]


def test_the_cursors_row_may_go(guest, seven):
    first = guest.get(f"{THREADS}?limit=3").json()
    Thread.objects.filter(pk=seven[2]).update(archived_at=timezone.now())
    assert flat(walk(guest, first["next"])) == seven[3:]


def test_posts_keep_their_order_while_others_write(guest, bob, charlie, thread):
    for n in range(5):
        post_reply(bob, thread, body=f"Reply {n}")
    first = guest.get(f"{THREADS}{thread.pk}/posts/?limit=4").json()
    late = post_reply(charlie, thread, body="Late")
    rest = flat(walk(guest, first["next"]))
    assert len(first["results"]) == 4 and len(rest) == 3 and rest[-1] == late.pk


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "٣", "%20"])
def test_a_limit_that_is_no_number_is_refused(guest, db, limit):
    answer = guest.get(f"{THREADS}?limit={limit}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_limit"


@pytest.mark.parametrize("limit", ["100", "1000", str(2**64), "9" * 400])
def test_a_page_has_at_most_a_hundred_rows(guest, alice, thread, limit):
    now = timezone.now()
    Post.objects.bulk_create(
        Post(
            thread=thread,
            number=n,
            author=alice,
            body="x",
            body_html="<p>x</p>",
            created_at=now + timedelta(seconds=n),
        )
        for n in range(2, 112)
    )
    assert len(guest.get(f"{THREADS}{thread.pk}/posts/?limit={limit}").json()["results"]) == 100


def test_a_tampered_cursor_is_refused(guest, seven):
    good = guest.get(f"{THREADS}?limit=3").json()["next"].split("cursor=")[1].split("&")[0]
    for bad in (
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good[1:],
        "x",
        "x" * 5000,
        "%ED%A0%80",
        "💥",
        ":",
        "a:b:c",
    ):
        answer = guest.get(f"{THREADS}?limit=3&cursor={bad}")
        assert answer.status_code == 400, bad
        assert answer.json()["code"] == "invalid_cursor"


def test_a_cursor_belongs_to_its_order(guest, seven):
    url = guest.get(f"{THREADS}?limit=3").json()["next"]
    assert guest.get(f"{url}&sort=popular").json()["code"] == "invalid_cursor"


def test_pages_are_found_by_key_not_by_counting(guest, seven, django_assert_max_num_queries):
    url = guest.get(f"{THREADS}?limit=3").json()["next"]
    with django_assert_max_num_queries(1) as seen:
        guest.get(url)
    sql = seen.captured_queries[0]["sql"]
    assert "OFFSET" not in sql and "COUNT(" not in sql
