"""Topics with their bells, tags, and one's drafts."""

import pytest

from forums.actions.drafts import save_draft


def test_topics_say_what_they_are(guest, kettles, board):
    rows = guest.get("/api/v1/topics/").json()["results"]
    assert [row["slug"] for row in rows] == ["kettles", "chat"]
    assert rows[0] == {
        "slug": "kettles", "name": "Kettles", "description": "Boiling water.", "group": {"slug": "kitchen", "name": "Kitchen"},
        "solutions_enabled": True, "thread_count": 0, "subscription": "none",
    }  # fmt: skip
    assert guest.get("/api/v1/topics/chat/").json()["solutions_enabled"] is False
    assert guest.get("/api/v1/topics/nowhere/").status_code == 404


def test_the_bell_of_a_topic(as_, guest, alice, mo, kettles):
    url = "/api/v1/topics/kettles/subscription/"
    assert as_(alice).put(url, {"delivery": "digest"}).json() == {"delivery": "digest"}
    assert as_(alice).get("/api/v1/topics/kettles/").json()["subscription"] == "digest"
    assert guest.get("/api/v1/topics/kettles/").json()["subscription"] == "none"
    assert as_(mo).put(url, {"delivery": "each"}).json() == {"delivery": "each"}
    assert as_(alice).put(url, {"delivery": "each"}).status_code == 403
    assert list(as_(alice).put(url, {"delivery": "hourly"}).json()) == ["delivery"]
    assert guest.put(url, {"delivery": "digest"}).status_code == 401


def test_tags_are_found_by_their_beginning(guest, thread):
    assert guest.get("/api/v1/tags/").json()["results"] == [
        {"name": "heating", "description": "", "thread_count": 1}
    ]
    assert len(guest.get("/api/v1/tags/?q=HEA").json()["results"]) == 1
    assert guest.get("/api/v1/tags/?q=x").json()["results"] == []


def test_a_draft_is_kept_changed_and_discarded(as_, alice, thread):
    client, url = as_(alice), f"/api/v1/drafts/thread:{thread.pk}/"
    assert client.put(url, {"body": "I think"}).json()["body"] == "I think"
    assert client.put(
        "/api/v1/drafts/ask/", {"subject": "Why", "topic": "kettles", "tags": ["a", "b"]}
    ).json()["tags"] == [
        "a",
        "b",
    ]
    assert [row["key"] for row in client.get("/api/v1/drafts/").json()["results"]] == [
        "ask",
        f"thread:{thread.pk}",
    ]
    assert client.get(url).json()["body"] == "I think"
    assert client.delete(url).status_code == client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert client.put("/api/v1/drafts/ask/", {"body": " "}).status_code == 204


def test_drafts_are_ones_own(as_, guest, alice, bob, kettles):
    save_draft(alice, "ask", subject="Secret")
    assert as_(bob).get("/api/v1/drafts/").json()["results"] == []
    assert as_(bob).get("/api/v1/drafts/ask/").status_code == 404
    assert guest.get("/api/v1/drafts/").status_code == 401


@pytest.mark.parametrize("key", ["thread:0", "thread:99999999", "thread:99999999999999999999", "odd"])
def test_a_draft_belongs_to_something(as_, alice, key):
    assert as_(alice).put(f"/api/v1/drafts/{key}/", {"body": "Text"}).status_code == 404
