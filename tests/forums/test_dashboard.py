"""The dashboard: what waits for me, what is open in my topics, what I asked."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.subscriptions import set_topic_delivery
from forums.actions.threads import ask
from forums.queries import rail

PATH = "/community/dashboard/"


def _lines(browser, key, path=PATH):
    parts = {part.key: part for part in browser.get(path).context["dashboard"].parts}
    return [line.row.thread.subject for line in parts[key].lines]


def test_a_question_waits_for_its_asker_while_somebody_else_had_the_last_word(alice, thread, reply, as_):
    browser = as_(alice)
    assert _lines(browser, "waiting") == [thread.subject]
    assert "Bob Example replied" in browser.get(PATH).content.decode()
    post_reply(alice, thread, body="The filter is empty too.")
    assert _lines(browser, "waiting") == []


def test_a_solved_question_waits_for_nobody(alice, thread, reply, as_):
    mark_solution(alice, reply)
    assert _lines(as_(alice), "waiting") == []
    assert _lines(as_(alice), "mine") == [thread.subject]


def test_open_questions_of_my_topics_stand_there_until_solved(
    alice, charlie, board, topic, thread, reply, as_
):
    ask(alice, topic=board, subject="Look at this", body="A picture.")
    browser = as_(charlie)
    assert _lines(browser, "topics") == []
    set_topic_delivery(charlie, topic, "digest")
    assert _lines(browser, "topics") == [thread.subject]
    mark_solution(alice, reply)
    assert _lines(browser, "topics") == []
    set_topic_delivery(charlie, topic, "none")
    assert "Follow a topic to see its open questions here" in browser.get(PATH).content.decode()


def test_each_part_leafs_through_all_of_it(alice, topic, as_):
    for number in range(24):
        ask(alice, topic=topic, subject=f"Question number {number}", body=f"Body {number}.")
    browser = as_(alice)
    assert len(_lines(browser, "mine")) == 5
    first = browser.get(PATH + "?show=mine").context["dashboard"].parts[0].page
    assert len(first.rows) == 20
    rest = _lines(browser, "mine", f"{PATH}?show=mine&after={first.older}")
    assert len(rest) == 4
    assert browser.get(PATH + "?show=mine&after=nonsense").status_code == 404


def test_the_newest_of_what_i_was_told_stands_there(alice, bob, thread, as_):
    browser = as_(alice)
    assert "Replies and mentions appear here" in browser.get(PATH).content.decode()
    for number in range(8):
        post_reply(bob, thread, body=f"Answer {number}.")
    page = browser.get(PATH)
    assert [row.kind for row in page.context["told"]] == ["reply"] * 6
    assert "All notifications" in page.content.decode()
    assert page.content.decode().count(f'href="{page.context["told"][0].url}"') == 1


@pytest.mark.parametrize("query", ["", "?show=waiting", "?show=topics", "?show=mine"])
def test_ten_more_threads_cost_no_more_queries(query, alice, bob, topic, as_):
    browser = as_(alice)
    set_topic_delivery(alice, topic, "digest")

    def grow(count):
        for number in range(count):
            one = ask(
                alice, topic=topic, subject=f"Question {number} of {count}", body=f"Body {number} {count}."
            )
            post_reply(bob, one, body="An answer.")

    def queries():
        browser.get(PATH + query)
        rail.forget_rail()
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PATH + query).status_code == 200
        return len(captured)

    grow(3)
    few = queries()
    grow(10)
    assert queries() <= few
