"""Posts over the API."""

import pytest

from moderation.actions.posts import hide_post

FIELDS = {
    "id",
    "thread",
    "number",
    "author",
    "body",
    "body_html",
    "created_at",
    "edited_at",
    "vote_count",
    "is_solution",
    "url",
    "hidden",
}


def posts_of(thread):
    return f"/api/v1/threads/{thread.pk}/posts/"


def test_posts_come_oldest_first(guest, thread, reply):
    rows = guest.get(posts_of(thread)).json()["results"]
    assert [row["number"] for row in rows] == [1, 2]
    assert set(rows[0]) >= FIELDS
    assert rows[0]["body"] == "I pressed the **button**."
    assert "<strong>button</strong>" in rows[0]["body_html"]


def test_a_member_replies_to_a_post(as_, charlie, thread, reply):
    answer = as_(charlie).post(posts_of(thread), {"body": "Thank you.", "reply_to": reply.pk})
    assert answer.status_code == 201
    assert answer.json()["number"] == 3 and answer.json()["reply_to"] == reply.pk
    assert answer.json()["url"].endswith(f"/questions/{thread.slug}/#post-{answer.json()['id']}")


def test_a_guest_cannot_reply(guest, thread):
    assert guest.post(posts_of(thread), {"body": "Hello"}).status_code == 401


def test_a_banned_member_cannot_reply(as_, sam, thread):
    assert as_(sam).post(posts_of(thread), {"body": "Hello"}).status_code in (401, 403)


def test_a_reply_needs_a_body_and_a_parent_in_its_thread(as_, bob, thread):
    client = as_(bob)
    assert list(client.post(posts_of(thread), {}).json()) == ["body"]
    assert list(client.post(posts_of(thread), {"body": " "}).json()) == ["body"]
    assert list(client.post(posts_of(thread), {"body": "Hello", "reply_to": 10**15}).json()) == ["reply_to"]


def test_a_mention_is_read_back_as_it_was_typed(as_, charlie, bob, thread):
    post = as_(charlie).post(posts_of(thread), {"body": f"Ask @{bob.handle}."}).json()
    assert post["body"] == f"Ask @{bob.handle}."
    assert f"/community/profiles/{bob.pk}/" in post["body_html"]
    bob.handle = "robert"
    bob.save()
    assert as_(charlie).get(f"/api/v1/posts/{post['id']}/").json()["body"] == "Ask @robert."


def test_an_edit_keeps_what_the_post_said(as_, guest, bob, reply):
    answer = as_(bob).patch(
        f"/api/v1/posts/{reply.pk}/", {"body": "Switch it on, twice.", "reason": "Clearer"}
    )
    assert answer.status_code == 200
    assert answer.json()["body"] == "Switch it on, twice." and answer.json()["edited_at"]
    rows = guest.get(f"/api/v1/posts/{reply.pk}/revisions/").json()["results"]
    assert [(row["number"], row["body"], row["reason"], row["author"]["id"]) for row in rows] == [
        (1, "Switch it on.", "Clearer", bob.pk)
    ]


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_only_its_author_and_moderators_change_a_post(as_, guest, charlie, cleo, mo, reply, method):
    url, body = f"/api/v1/posts/{reply.pk}/", {"body": "Changed", "reason": "Clearer"}
    codes = [
        getattr(client, method)(url, body).status_code for client in (guest, as_(charlie), as_(cleo), as_(mo))
    ]
    assert codes == [401, 403, 403, 200 if method == "patch" else 204]


def test_a_deleted_reply_is_gone_for_members(as_, guest, bob, mo, thread, reply):
    assert as_(bob).delete(f"/api/v1/posts/{reply.pk}/").status_code == 204
    assert guest.get(f"/api/v1/posts/{reply.pk}/").status_code == 404
    assert as_(bob).delete(f"/api/v1/posts/{reply.pk}/").status_code == 404
    assert as_(mo).get(f"/api/v1/posts/{reply.pk}/").json()["deleted"] is True


def test_a_hidden_reply_is_there_for_its_author_and_moderators(as_, guest, bob, charlie, mo, thread, reply):
    hide_post(mo, reply)
    url = f"/api/v1/posts/{reply.pk}/"
    assert [client.get(url).status_code for client in (guest, as_(charlie), as_(bob), as_(mo))] == [
        404,
        404,
        200,
        200,
    ]
    assert guest.get(f"{url}revisions/").status_code == 404
    assert [row["id"] for row in as_(charlie).get(posts_of(thread)).json()["results"]] == [
        thread.posts.get(number=1).pk
    ]
    assert as_(bob).get(url).json()["hidden"] is True


def test_votes_count_once_and_can_be_taken_back(as_, guest, bob, charlie, reply):
    client, url = as_(charlie), f"/api/v1/posts/{reply.pk}/vote/"
    assert [client.put(url).json(), client.put(url).json()] == [{"vote_count": 1}] * 2
    assert [client.delete(url).json(), client.delete(url).json()] == [{"vote_count": 0}] * 2
    assert as_(bob).put(url).status_code == 403
    assert guest.put(url).status_code == 401


def test_the_preview_shows_what_would_be_posted(as_, guest, charlie):
    answer = as_(charlie).post("/api/v1/preview/", {"body": "**Hello** <script>"})
    assert answer.status_code == 200
    assert (
        "<strong>Hello</strong>" in answer.json()["body_html"]
        and "<script>" not in answer.json()["body_html"]
    )
    assert guest.post("/api/v1/preview/", {"body": "Hello"}).status_code == 401
    assert list(as_(charlie).post("/api/v1/preview/", {"body": "x" * 30_001}).json()) == ["body"]
