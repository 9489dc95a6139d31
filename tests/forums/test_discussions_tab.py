"""A profile shows what the person asked and where they replied, and nothing that is out of the lists."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from forums.actions.posts import post_reply
from forums.actions.threads import ask
from moderation.actions.posts import hide_post
from moderation.actions.threads import archive_thread


def test_the_tab_shows_what_is_listed(alice, bob, mo, thread, reply, as_):
    page = as_(None).get(f"/community/profiles/{bob.pk}/").content.decode()
    assert thread.subject in page
    archive_thread(mo, thread)
    assert thread.subject not in as_(None).get(f"/community/profiles/{bob.pk}/").content.decode()


def test_a_hidden_reply_leads_nowhere(bob, mo, thread, reply, as_):
    hide_post(mo, reply)
    assert thread.subject not in as_(None).get(f"/community/profiles/{bob.pk}/").content.decode()


def test_the_profile_costs_the_same_with_more_posts(alice, bob, topic, thread, reply, as_):
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert as_(None).get(f"/community/profiles/{bob.pk}/").status_code == 200
        counts.append(len(captured))
        for number in range(10):
            post_reply(bob, ask(alice, topic=topic, subject=f"Another one {number}", body="x"), body="y")
    assert counts[1] <= counts[0] <= 12
