"""“Did this solve it?”: asked a day after the last helper's reply, twice at most, and answered by POST only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from forums.actions.posts import post_reply
from forums.actions.resolutions import ask_if_solved, say_not_yet
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from forums.models import Resolution, Thread
from moderation.actions.threads import archive_thread
from profiles.mail.deliveries import send_due
from profiles.models import Delivery
from tests.mail.conftest import text_of

DASHBOARD = "/community/dashboard/"


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


@pytest.fixture
def asked(thread, reply):
    assert ask_if_solved(now=in_hours(25)) == 1
    return thread


def page(thread):
    return f"/questions/thread/{thread.pk}/solved/"


def test_the_asker_is_asked_a_day_after_the_last_helpers_reply(smtp, alice, bob, charlie, thread, reply):
    assert ask_if_solved(now=in_hours(23)) == 0
    assert [ask_if_solved(now=in_hours(25)) for _again in range(2)] == [1, 0]
    Delivery.objects.filter(kind="reply").delete()
    send_due()
    ((recipients, mail),) = smtp.mails
    assert recipients == ["alice@example.com"]
    assert mail["Subject"] == "Did this solve it? Why is the export empty?"
    assert f"Choose the solution: http://localhost:8000{page(thread)}" in text_of(mail)


def test_the_asker_is_asked_twice_at_most(alice, bob, charlie, thread, reply):
    asked = 0
    for number in range(4):
        asked += ask_if_solved(now=in_hours(25 + number))
        post_reply(bob, thread, body=f"Another idea, the {number}th.")
    assert asked == 2


def test_nobody_is_asked_about_what_is_solved_archived_old_or_unanswered(
    alice, bob, mo, thread, reply, board
):
    solved = ask(alice, topic=thread.topic, subject="Solved one", body="Body.")
    mark_solution(alice, post_reply(bob, solved, body="So."))
    archived = ask(alice, topic=thread.topic, subject="Archived one", body="Body.")
    post_reply(bob, archived, body="So.")
    archive_thread(mo, archived)
    talk = ask(alice, topic=board, subject="Just talk", body="Body.")
    post_reply(bob, talk, body="So.")
    alone = ask(alice, topic=thread.topic, subject="Answering myself", body="Body.")
    post_reply(alice, alone, body="So.")
    assert ask_if_solved(now=in_hours(25)) == 1
    assert Resolution.objects.get().thread == thread
    assert ask_if_solved(now=in_hours(24 * 20)) == 0


def test_a_mail_about_what_was_solved_meanwhile_is_not_sent(smtp, alice, asked, reply):
    mark_solution(alice, reply)
    send_due()
    assert [mail["Subject"] for mail in smtp.to("alice")] == ["Re: Why is the export empty?"]


def test_looking_at_the_page_changes_nothing(as_, alice, bob, asked, reply):
    answer = as_(alice).get(page(asked))
    assert "Check the filter." in answer.content.decode()
    assert as_(bob).get(page(asked)).status_code == 302
    asked.refresh_from_db()
    assert (asked.solution_id, asked.not_solved_at) == (None, None)
    assert Resolution.objects.get().answered_at is None


def test_yes_marks_the_reply_that_was_chosen(as_, alice, asked, reply):
    as_(alice).post(page(asked), {"post": reply.pk})
    asked.refresh_from_db()
    assert asked.solution_id == reply.pk
    assert Resolution.objects.get().answer == "solved"


def test_not_yet_brings_the_thread_back_to_the_team(as_, alice, bob, asked):
    assert not Thread.objects.waiting_for_team().exists()
    as_(alice).post(page(asked), {"answer": "not-yet"})
    assert Thread.objects.waiting_for_team().get() == asked
    assert Resolution.objects.get().answer == "not-yet"
    post_reply(bob, asked, body="Then try this.")
    assert not Thread.objects.waiting_for_team().exists()


def test_moderators_see_what_needs_the_team_until_somebody_replies(as_, alice, bob, mo, asked, topic, board):
    unanswered = ask(bob, topic=topic, subject="Nobody answered", body="Body.")
    ask(bob, topic=board, subject="A discussion", body="Body.")

    def seen():
        lines = [part for part in as_(mo).get(DASHBOARD).context["dashboard"].parts if part.key == "team"][
            0
        ].lines
        listed = as_(mo).get("/questions/?state=waiting").context["page"].rows
        found = as_(None).get("/api/v1/threads/?state=waiting").json()["results"]
        lists = [
            {line.row.thread.id for line in lines},
            {row.thread.id for row in listed},
            {one["id"] for one in found},
        ]
        assert lists[0] == lists[1] == lists[2]
        assert as_(None).get("/search/?q=empty&state=waiting").status_code == 200
        return lists[0]

    assert seen() == {unanswered.pk}
    as_(alice).post(page(asked), {"answer": "not-yet"})
    assert seen() == {unanswered.pk, asked.pk}
    assert "isn’t solved yet" in as_(mo).get(f"{DASHBOARD}?show=team").content.decode()
    assert "Needs the team" in as_(mo).get("/questions/").content.decode()
    post_reply(bob, asked, body="Then try this.")
    assert seen() == {unanswered.pk}


def test_members_have_no_list_of_the_team(as_, alice, asked):
    browser = as_(alice)
    for path in (DASHBOARD, f"{DASHBOARD}?show=team"):
        assert [part.key for part in browser.get(path).context["dashboard"].parts] == [
            "waiting",
            "topics",
            "mine",
        ]
    assert "Needs the team" not in browser.get("/questions/").content.decode()


def test_only_the_asker_answers(as_, bob, mo, asked, reply):
    for other in (bob, mo):
        as_(other).post(page(asked), {"answer": "not-yet"})
        as_(other).post(page(asked), {"post": reply.pk})
        with pytest.raises(Exception, match="Only the asker"):
            say_not_yet(other, asked)
    asked.refresh_from_db()
    assert (asked.solution_id, asked.not_solved_at) == (None, None)


def test_a_reply_of_another_thread_cannot_be_chosen(as_, alice, bob, asked, topic):
    other = post_reply(bob, ask(alice, topic=topic, subject="Another", body="Body."), body="So.")
    assert as_(alice).post(page(asked), {"post": other.pk}).status_code == 404


def test_the_page_asks_the_asker_until_there_is_an_answer(as_, alice, bob, thread, reply):
    def banner(who):
        return 'id="did-it-solve"' in as_(who).get(thread.get_absolute_url()).content.decode()

    assert not banner(alice)
    ask_if_solved(now=in_hours(25))
    assert [banner(who) for who in (alice, bob, None)] == [True, False, False]
    as_(alice).post(page(thread), {"answer": "not-yet"})
    assert not banner(alice)
