"""What is hidden, held, private, deleted, archived or merged is gone from search, suggestions and similar at once."""

import pytest

from forums.actions.posts import delete_post
from forums.actions.threads import ask, delete_thread
from forums.queries.similar import related_ids
from moderation.actions.merging import merge_thread
from moderation.actions.posts import hide_post
from moderation.actions.threads import archive_thread, hide_thread, unarchive_thread


def places(browser, word):
    """Return everything a reader sees when they look for `word`, or are about to ask about it."""
    return "".join(
        answer.content.decode()
        for answer in (
            browser.get("/search/", {"q": word}),
            browser.get("/search/", {"q": word, "type": "posts"}),
            browser.get("/search/", {"q": word[:-1] + "x"}),
            browser.get("/search/suggest/", {"q": word}),
            browser.post("/questions/similar/", {"subject": f"About {word}", "body": word}),
            browser.get("/api/v1/search/", {"q": word}),
            browser.get("/api/v1/search/", {"q": word, "type": "post"}),
            browser.get("/api/v1/threads/similar/", {"q": word}),
        )
    )


@pytest.mark.parametrize("act", [hide_thread, archive_thread, delete_thread])
def test_a_thread_that_is_not_listed_is_not_found_by_anybody(act, as_, kettle, alice, mo):
    assert "does not boil" in places(as_(None), "reservoir") or "Kettle" in places(as_(None), "reservoir")
    act(mo, kettle)
    for who in (None, alice, mo):
        assert "boil" not in places(as_(who), "reservoir")
    if act is archive_thread:
        unarchive_thread(mo, kettle)
        assert "boil" in places(as_(None), "reservoir")


def test_a_private_thread_is_found_by_nobody(as_, alice, mo, topic):
    ask(alice, topic=topic, subject="Confidential zeppelins", body="Our zeppelins leak.", private=True)
    for who in (None, alice, mo):
        assert "onfidential" not in places(as_(who), "zeppelins")


def test_a_hidden_or_deleted_reply_is_not_shown_in_excerpts(as_, kettle, bob, mo):
    from forums.actions.posts import post_reply

    reply = post_reply(bob, kettle, body="The password is Swordfish.")
    assert "ordfish" in places(as_(None), "swordfish")
    hide_post(mo, reply)
    assert "is <mark>" not in places(as_(None), "swordfish")
    other = post_reply(bob, kettle, body="Another word: Jackdaw.")
    delete_post(bob, other)
    assert "Another word" not in places(as_(None), "jackdaw")


def test_a_duplicate_leads_nowhere_but_to_what_it_was_merged_into(as_, kettle, alice, topic, mo):
    twin = ask(alice, topic=topic, subject="Kettle stays cold", body="The reservoir is full.")
    merge_thread(mo, twin, into=kettle)
    assert "stays cold" not in places(as_(None), "reservoir")


def test_related_threads_are_listed_ones(kettle, alice, topic, mo):
    twin = ask(alice, topic=topic, subject="Kettle does not boil again", body="The button, the reservoir.")
    assert related_ids(kettle) == [twin.pk]
    hide_thread(mo, twin)
    assert related_ids(kettle) == []
