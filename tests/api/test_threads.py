"""Threads over the API."""

import pytest

from forums.actions.threads import ask
from forums.models import TagAlias, Thread
from moderation.actions.threads import archive_thread, hide_thread, lock_thread

THREADS = "/api/v1/threads/"
FIELDS = {
    "id",
    "permalink",
    "url",
    "subject",
    "topic",
    "tags",
    "author",
    "created_at",
    "last_activity_at",
    "reply_count",
    "vote_count",
    "solution",
    "archived",
    "locked",
    "pinned",
    "posts_url",
    "docs_page",
}


def test_a_member_asks(as_, alice, kettles):
    answer = as_(alice).post(
        THREADS,
        {
            "subject": "Where is the lid?",
            "topic": "kettles",
            "body": "I lost it.",
            "tags": ["lids"],
            "docs_page": "https://docs.example.com/lids",
        },
    )
    assert answer.status_code == 201
    found = answer.json()
    assert set(found) >= FIELDS
    assert (
        found["topic"] == "kettles"
        and found["tags"] == ["lids"]
        and found["docs_page"] == "https://docs.example.com/lids"
    )
    assert found["author"] == {
        "id": alice.pk, "name": alice.name, "url": found["author"]["url"], "avatar": None, "level": 1, "team": None, "bot": False,
    }  # fmt: skip
    assert Thread.objects.get(pk=found["id"]).author == alice


def test_a_guest_cannot_ask(guest, kettles):
    answer = guest.post(THREADS, {"subject": "Where is the lid?", "topic": "kettles", "body": "I lost it."})
    assert answer.status_code == 401
    assert set(answer.json()) == {"detail", "code"}
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 300}, "subject"),
        ({"topic": "nowhere"}, "topic"),
        ({"body": "  \n"}, "body"),
        ({"body": "x" * 30_001}, "body"),
        ({"tags": ["a", "b", "c", "d", "e", "f"]}, "tags"),
        ({"tags": "lids"}, "tags"),
        ({"docs_page": "javascript:alert(1)"}, "docs_page"),
    ],
)
def test_what_cannot_be_posted_is_said_by_field(as_, alice, kettles, change, field):
    answer = as_(alice).post(
        THREADS, {"subject": "Where is the lid?", "topic": "kettles", "body": "I lost it.", **change}
    )
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert all(isinstance(sentence, str) for sentence in answer.json()[field])


def test_unknown_fields_are_ignored(as_, alice, kettles):
    answer = as_(alice).post(
        THREADS,
        {
            "subject": "Where is the lid?",
            "topic": "kettles",
            "body": "I lost it.",
            "author": 99,
            "pinned": True,
        },
    )
    assert answer.status_code == 201
    assert answer.json()["author"]["id"] == alice.pk and answer.json()["pinned"] is False


def test_everybody_reads_a_thread(guest, thread):
    found = guest.get(f"{THREADS}{thread.pk}/").json()
    assert found["permalink"] == "kettle-does-not-boil"
    assert found["url"].endswith("/questions/kettle-does-not-boil/")
    assert guest.get(found["posts_url"]).status_code == 200


def test_the_list_filters_by_topic_tag_author_state_and_docs_page(
    guest, as_, thread, reply, alice, bob, kettles, board
):
    other = ask(
        bob,
        topic=board,
        subject="Hello there",
        body="Hi",
        tags=["greeting"],
        docs_page="https://docs.example.com/hi",
    )
    TagAlias.objects.create(name="warming", tag=thread.tags.get())

    def ids(query):
        return [row["id"] for row in guest.get(f"{THREADS}?{query}").json()["results"]]

    assert ids("") == [other.pk, thread.pk]
    assert (
        ids("topic=kettles")
        == ids("tag=heating")
        == ids("tag=warming")
        == ids(f"author={alice.pk}")
        == [thread.pk]
    )
    assert ids("state=unsolved") == [thread.pk] and ids("state=unanswered") == ids("state=solved") == []
    assert ids("docs_page=https://docs.example.com/hi") == [other.pk]
    for sort in ("latest", "active", "popular"):
        assert set(ids(f"sort={sort}")) == {thread.pk, other.pk}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=odd", "state"),
        ("sort=odd", "sort"),
        ("author=x", "author"),
        (f"author={2**63}", "author"),
        ("topic=nowhere", "topic"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(guest, kettles, query, field):
    answer = guest.get(f"{THREADS}?{query}")
    assert answer.status_code == 400
    assert list(answer.json()) == [field]


def test_the_asker_changes_subject_and_tags(as_, alice, thread):
    answer = as_(alice).patch(f"{THREADS}{thread.pk}/", {"subject": "Kettle stays cold", "tags": ["cold"]})
    assert answer.status_code == 200
    assert answer.json()["subject"] == "Kettle stays cold" and answer.json()["tags"] == ["cold"]
    assert answer.json()["permalink"] == "kettle-stays-cold"


def test_a_stranger_changes_nothing(as_, charlie, thread):
    client = as_(charlie)
    assert client.patch(f"{THREADS}{thread.pk}/", {"subject": "Mine now"}).status_code == 403
    assert client.delete(f"{THREADS}{thread.pk}/").status_code == 403
    thread.refresh_from_db()
    assert thread.subject == "Kettle does not boil" and thread.deleted_at is None


def test_the_asker_deletes_while_nobody_replied(as_, alice, guest, thread):
    assert as_(alice).delete(f"{THREADS}{thread.pk}/").status_code == 204
    assert guest.get(f"{THREADS}{thread.pk}/").status_code == 404


def test_the_asker_cannot_delete_what_was_answered(as_, alice, thread, reply):
    answer = as_(alice).delete(f"{THREADS}{thread.pk}/")
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"


def test_a_hidden_thread_is_there_for_its_asker_and_moderators_only(
    as_, guest, alice, charlie, cleo, mo, thread
):
    hide_thread(mo, thread)
    codes = [
        client.get(f"{THREADS}{thread.pk}/").status_code
        for client in (guest, as_(charlie), as_(alice), as_(mo))
    ]
    assert codes == [404, 404, 200, 200]
    assert guest.get(f"{THREADS}{thread.pk}/posts/").status_code == 404


def test_an_archived_thread_leaves_lists_and_keeps_its_address(guest, mo, thread):
    archive_thread(mo, thread)
    assert guest.get(THREADS).json()["results"] == []
    assert guest.get(f"{THREADS}{thread.pk}/").json()["archived"] is True


def test_a_locked_thread_takes_no_replies(as_, bob, mo, thread):
    lock_thread(mo, thread)
    assert as_(bob).post(f"{THREADS}{thread.pk}/posts/", {"body": "Too late"}).status_code == 403
    assert as_(mo).post(f"{THREADS}{thread.pk}/posts/", {"body": "Closing words"}).status_code == 201


def test_the_asker_marks_and_clears_the_solution(as_, alice, thread, reply):
    client = as_(alice)
    assert client.put(f"{THREADS}{thread.pk}/solution/", {"post": reply.pk}).json()["solution"] == reply.pk
    assert client.get(f"/api/v1/posts/{reply.pk}/").json()["is_solution"] is True
    assert client.delete(f"{THREADS}{thread.pk}/solution/").json()["solution"] is None


def test_a_stranger_cannot_mark_the_solution(as_, guest, charlie, thread, reply):
    assert as_(charlie).put(f"{THREADS}{thread.pk}/solution/", {"post": reply.pk}).status_code == 403
    assert guest.put(f"{THREADS}{thread.pk}/solution/", {"post": reply.pk}).status_code == 401


def test_the_solution_is_a_reply_of_the_same_thread(as_, alice, kettles, thread, reply):
    other = ask(alice, topic=kettles, subject="Another one", body="Text")
    for post_id in (reply.pk, 2**63 - 1):
        answer = as_(alice).put(f"{THREADS}{other.pk}/solution/", {"post": post_id})
        assert answer.status_code == 400
        assert list(answer.json()) == ["post"]


def test_the_bell_of_a_thread_turns_on_and_off_and_again(as_, guest, charlie, thread):
    client, url = as_(charlie), f"{THREADS}{thread.pk}/subscription/"
    assert [client.put(url).json(), client.put(url).json()] == [{"subscribed": True}] * 2
    assert [client.delete(url).json(), client.delete(url).json()] == [{"subscribed": False}] * 2
    assert guest.put(url).status_code == 401


def test_discussions_are_threads_asked_or_replied_in(guest, alice, bob, charlie, thread, reply):
    def ids(profile):
        return [
            row["id"] for row in guest.get(f"/api/v1/profiles/{profile.pk}/discussions/").json()["results"]
        ]

    assert ids(alice) == ids(bob) == [thread.pk]
    assert ids(charlie) == []
    assert guest.get("/api/v1/profiles/999999/discussions/").status_code == 404
