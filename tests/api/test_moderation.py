"""The reversible tools over the API."""

from community.audit.models import LogEntry
from profiles.actions.keys import create_api_key


def tools(thread):
    return f"/api/v1/threads/{thread.pk}/moderation/"


def test_a_champion_archives_and_restores(as_, cleo, thread):
    client = as_(cleo)
    assert client.patch(tools(thread), {"archived": True, "reason": "Old"}).json()["archived"] is True
    assert client.patch(tools(thread), {"archived": False}).json()["archived"] is False
    assert set(LogEntry.objects.filter(target=f"thread:{thread.pk}").values_list("action", flat=True)) >= {
        "thread.archived",
        "thread.restored",
    }


def test_several_changes_are_one(as_, mo, thread, board):
    found = as_(mo).patch(tools(thread), {"locked": True, "topic": "chat", "pinned": True}).json()
    assert (found["locked"], found["topic"], found["pinned"]) == (True, "chat", True)


def test_all_or_nothing(as_, mo, thread):
    answer = as_(mo).patch(tools(thread), {"locked": True, "topic": "nowhere"})
    assert answer.status_code == 400
    assert list(answer.json()) == ["topic"]
    thread.refresh_from_db()
    assert thread.locked_at is None


def test_others_have_no_tools(as_, guest, alice, charlie, thread, reply):
    for url, body in (
        (tools(thread), {"locked": True}),
        (f"/api/v1/posts/{reply.pk}/moderation/", {"hidden": True}),
    ):
        assert [client.patch(url, body).status_code for client in (guest, as_(alice), as_(charlie))] == [
            401,
            403,
            403,
        ]


def test_a_champion_hides_a_reply_and_shows_it_again(as_, guest, cleo, thread, reply):
    url = f"/api/v1/posts/{reply.pk}/moderation/"
    assert as_(cleo).patch(url, {"hidden": True, "reason": "Spam"}).json()["hidden"] is True
    assert guest.get(f"/api/v1/posts/{reply.pk}/").status_code == 404
    assert as_(cleo).patch(url, {"hidden": False}).json()["hidden"] is False
    assert guest.get(f"/api/v1/posts/{reply.pk}/").status_code == 200


def test_the_first_post_is_hidden_with_its_thread(as_, mo, thread):
    url = f"/api/v1/posts/{thread.posts.get(number=1).pk}/moderation/"
    assert as_(mo).patch(url, {"hidden": True}).status_code == 403


def test_a_key_moderates_only_with_that_scope(guest, mo, thread, reply):
    def with_key(*scopes):
        guest.credentials(
            HTTP_AUTHORIZATION=f"Bearer {create_api_key(mo.user, label='Tool', scopes=scopes)[1]}"
        )
        return guest

    assert with_key("read", "write").patch(tools(thread), {"locked": True}).json()["code"] == "scope_missing"
    assert (
        with_key("write").patch(f"/api/v1/posts/{reply.pk}/", {"body": "Changed"}).json()["code"]
        == "scope_missing"
    )
    assert with_key("moderate").patch(tools(thread), {"locked": True}).status_code == 200
    assert with_key().patch(tools(thread), {"locked": False}).status_code == 200
