"""Ten more rows, no more queries, on every list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forums.actions.drafts import save_draft
from forums.actions.posts import edit_post, post_reply
from forums.actions.threads import ask
from forums.models import Draft, Tag, Topic
from profiles.actions.accounts import create_member
from profiles.actions.teams import join_team
from profiles.models import Team


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def more(alice, bob, thread, reply, ten):
    for n in ten:
        other = ask(
            alice,
            topic=thread.topic,
            subject=f"Question number {n}",
            body=f"Text @{bob.handle}",
            tags=[f"tag{n}"],
        )
        post_reply(bob, other, body=f"Reply {n}")
        post_reply(bob, thread, body=f"Reply @{alice.handle} {n}")
        edit_post(bob, reply, body=f"Switch it on, @{alice.handle}, {n}")
        Topic.objects.create(group=thread.topic.group, name=f"Topic {n}", slug=f"topic-{n}")
        Tag.objects.get_or_create(name=f"lone{n}")
        Draft.objects.create(profile=alice, key=f"thread:{n}", body="Text")
        join_team(None, Team.objects.create(name=f"Team {n}", slug=f"team-{n}"), bob)
        create_member(f"member{n}@example.com", first_name="Member", last_name=str(n))
    save_draft(alice, "ask", subject="Draft")


LISTS = {
    "/api/v1/topics/": 2,
    "/api/v1/threads/": 1,
    "/api/v1/threads/?sort=popular&state=unsolved&topic=kettles": 2,
    "/api/v1/threads/{thread}/posts/": 3,
    "/api/v1/posts/{reply}/revisions/": 3,
    "/api/v1/profiles/": 3,  # the people, their teams, their achievements
    "/api/v1/profiles/{bob}/discussions/": 2,
    "/api/v1/teams/": 2,
    "/api/v1/tags/": 1,
    "/api/v1/drafts/": 1,
}
SIGNING_IN = 2  # the session and the person behind it


@pytest.mark.parametrize("url", LISTS)
def test_ten_more_rows_take_no_more_queries(as_, alice, bob, thread, reply, url):
    address = url.format(thread=thread.pk, reply=reply.pk, bob=bob.pk)
    client = as_(alice)
    more(alice, bob, thread, reply, range(2))
    client.get(address)
    before = queries(client, address)
    more(alice, bob, thread, reply, range(2, 12))
    assert queries(client, address) == before
    assert before <= LISTS[url] + SIGNING_IN


def test_one_thread_and_one_post_are_one_query_each(guest, thread, reply):
    assert queries(guest, f"/api/v1/threads/{thread.pk}/") == 1
    assert queries(guest, f"/api/v1/posts/{reply.pk}/") == 1
