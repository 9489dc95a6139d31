"""Ten more rows, no more queries; and the budgets of PERFORMANCE.md."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forums.actions.drafts import save_draft
from forums.actions.posts import edit_post, post_reply
from forums.actions.threads import ask
from forums.queries import rail

BUDGETS = {
    "/": (4, 12),
    "/questions/": (4, 7),
    "/questions/topic/exports/": (4, 8),
    "thread": (5, 9),
    "/questions/drafts/": (2, 6),
}


def _queries(browser, path):
    browser.get(path)
    rail.forget_rail()
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code in (200, 302)
    return len(captured)


def _grow(topic, thread, people, count):
    for number in range(count):
        asker, helper = people[number % len(people)], people[(number + 1) % len(people)]
        one = ask(
            asker,
            topic=topic,
            subject=f"Question {thread.pk} {number} {count}",
            body=f"Body {number}.",
            tags=[f"tag-{number % 3}"],
        )
        post_reply(helper, one, body="An answer.")
        post_reply(helper, thread, body=f"More on this, {number} of {count}.")
        save_draft(people[0], f"thread:{one.pk}", body="half")


@pytest.mark.parametrize("path", BUDGETS)
@pytest.mark.parametrize("who", ["guest", "member"])
def test_lists_and_pages_keep_their_query_budget(path, who, topic, thread, bob, cleo, mo, as_):
    people = [bob, cleo, mo]
    browser = as_(bob if who == "member" else None)
    url = f"/questions/{thread.slug}/" if path == "thread" else path
    _grow(topic, thread, people, 3)
    few = _queries(browser, url)
    _grow(topic, thread, people, 12)
    many = _queries(browser, url)
    assert many <= few
    assert many <= BUDGETS[path][who == "member"]


def test_a_history_costs_the_same_however_long(reply, bob, as_):
    browser, path = as_(None), f"/questions/post/{reply.pk}/history/"
    edit_post(bob, reply, body="Second words.")
    few = _queries(browser, path)
    for number in range(10):
        edit_post(bob, reply, body=f"Other words {number}.")
    assert _queries(browser, path) <= few


def test_a_reply_costs_at_most_fifteen_queries(thread, bob, as_):
    browser = as_(bob)
    browser.get("/questions/")
    post_reply(bob, thread, body="Warm.")
    with CaptureQueriesContext(connection) as captured:
        assert (
            browser.post(f"/questions/{thread.slug}/reply/", {"body": "Check the filter again."}).status_code
            == 302
        )
    own = [one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(own) <= 15, "\n".join(one["sql"][:140] for one in own)
