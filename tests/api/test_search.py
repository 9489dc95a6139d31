"""Searching by API."""

import pytest

from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask

from .conftest import V1, error


def find(client, **asked):
    answer = client.get(f"{V1}/search/", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_a_thread_is_found_with_its_words_marked(guest, thread, reply):
    (hit,) = find(guest, q="kettles button")
    assert hit["type"] == "thread"
    assert hit["id"] == thread.pk
    assert hit["title_html"] == "<mark>Kettle</mark> does not boil"
    assert hit["excerpt"] == "I pressed the <mark>button</mark>."
    assert hit["author"]["id"] == thread.author_id
    assert "@" not in str(hit["author"])


def test_posts_people_and_tags_are_found(guest, thread, reply, bob):
    (post,) = find(guest, q="switch", type="post")
    assert (post["id"], post["thread"], post["author"]["id"]) == (reply.pk, thread.pk, bob.pk)
    assert [one["id"] for one in find(guest, q="bob", type="profile")] == [bob.pk]
    assert [one["title"] for one in find(guest, q="heating", type="tag")] == ["heating"]


def test_filters(guest, thread, reply, alice, bob):
    assert find(guest, q="kettle", author=alice.pk)
    assert not find(guest, q="kettle", author=bob.pk)
    assert find(guest, q="switch", author=bob.pk, type="post")
    assert find(guest, q="kettle", state="unsolved", topic="kettles", after="2020-01-01T00:00:00Z")
    assert not find(guest, q="kettle", before="2020-01-01T00:00:00Z")
    assert guest.get(f"{V1}/search/?q=a&topic=nowhere").json() == {
        "topic": ["There is no topic with this slug."]
    }


def test_pages_neither_repeat_nor_skip_while_others_write(guest, alice, kettles):
    for number in range(9):
        ask(alice, topic=kettles, subject=f"Spoon {number}", body="spoon " * (number + 1))
    seen, url = [], f"{V1}/search/?q=spoon&limit=2"
    while url:
        page = guest.get(url).json()
        seen += [one["id"] for one in page["results"]]
        url = page["next"]
        if len(seen) == 4:
            ask(alice, topic=kettles, subject="Spoon spoon spoon", body="spoon " * 30)
    assert len(seen) == len(set(seen)) == 9
    back = guest.get(page["previous"]).json()
    assert [one["id"] for one in back["results"]] == seen[-3:-1]


def test_similar_threads_bring_their_solution(guest, thread, reply, alice):
    mark_solution(alice, reply)
    (one,) = guest.get(f"{V1}/threads/similar/", {"q": "My kettle is cold", "tags": "heating"}).json()
    assert one["id"] == thread.pk
    assert one["solution"] == reply.pk
    assert one["solution_excerpt"] == "Switch it on."


@pytest.mark.parametrize(
    "query", ["q=%00", "q=a&cursor=x", "q=a&type=y", "q=a&author=99999999999999999999", "q=a&after=z"]
)
def test_what_makes_no_sense_is_refused(guest, thread, query):
    assert guest.get(f"{V1}/search/?{query}").status_code == 400


def test_a_cursor_of_another_list_is_refused(guest, thread, alice, kettles):
    ask(alice, topic=kettles, subject="Kettle two", body="kettle")
    cursor = guest.get(f"{V1}/threads/?limit=1").json()["next"].partition("cursor=")[2].partition("&")[0]
    assert error(guest.get(f"{V1}/search/?q=kettle&cursor={cursor}")) == "invalid_cursor"


@pytest.mark.parametrize("typed", ["", "the", "x" * 9000, "((((", "-kettle", '"', "\x7f", "a" * 64 + " b"])
def test_odd_words_are_answered(guest, thread, typed):
    for kind in ("thread", "post", "profile", "tag"):
        assert guest.get(f"{V1}/search/", {"q": typed, "type": kind}).status_code == 200
    assert guest.get(f"{V1}/threads/similar/", {"q": typed, "body": typed}).status_code == 200


def test_ten_more_rows_no_more_queries(
    guest, thread, reply, alice, bob, kettles, django_assert_max_num_queries
):
    for number in range(10):
        post_reply(
            bob, ask(alice, topic=kettles, subject=f"Kettle {number}", body="Cold."), body="Kettle, warm it."
        )
    for query, most in (
        ("q=kettle", 7),
        ("q=kettle&type=post", 7),
        ("q=bob&type=profile", 3),
        ("q=heat&type=tag", 2),
    ):
        with django_assert_max_num_queries(most):
            guest.get(f"{V1}/search/?{query}")
    with django_assert_max_num_queries(6):
        guest.get(f"{V1}/threads/similar/?q=kettle")
