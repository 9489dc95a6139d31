"""What moderators see of all points together: true to the ledger, bounded, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from points.actions.gifts import Wish, give_points
from points.actions.ledger import book, earn, reverse
from points.actions.redemptions import redeem, refund
from points.models import Kind
from points.queries.reports import by_giver, by_reward, first_monday, monday_of, weekly

PAGE = "/moderation/points/"
SHEETS = ("weeks", "rewards", "givers", "patterns")


def _ago(**span):
    return timezone.now() - timedelta(**span)


@pytest.fixture
def thanks(mo):
    def act(receiver, points=10, reason="For the fence.", actor=mo, **more):
        return give_points(actor, receiver, wish=Wish(points, None, reason), **more)

    return act


def test_weeks_say_what_was_issued_taken_back_redeemed_and_left(alice, bob, mo, reward, thanks):
    this_week = monday_of(timezone.now())
    book(alice.pk, Kind.GIFT, 7, cause="long-ago", at=this_week - timedelta(days=700))
    thanks(alice, 100, at=this_week - timedelta(days=10))
    earn(bob.pk, Kind.SOLUTION, cause="solved", at=this_week - timedelta(seconds=1))
    reverse("solved")
    redeem(alice, reward("sticker", price=30, stock=3))
    refund(mo, redeem(alice, reward("mug", price=20, stock=3)))
    rows = weekly(4)
    assert [one.monday for one in rows] == [(this_week - timedelta(weeks=n)).date() for n in (3, 2, 1, 0)]
    assert [(one.issued, one.taken_back, one.redeemed, one.outstanding) for one in rows] == [
        (0, 0, 0, 7), (100, 0, 0, 107), (5, 0, 0, 112), (0, 5, 30, 77),
    ]  # fmt: skip


def test_report_is_empty_without_activity(db, mo, as_):
    assert {(one.issued, one.redeemed, one.outstanding) for one in weekly(13)} == {(0, 0, 0)}
    page = as_(mo).get(PAGE).content.decode()
    assert (
        page.count("Nothing in this period.") >= 4
        and "No rewards were redeemed" in page
        and "Nobody was awarded points" in page
    )


def test_rewards_say_what_they_cost(alice, bob, mo, give, reward):
    mug = reward("mug", price=10, stock=9, cost=Decimal("8.50"), member_limit=None)
    give(alice, 100)
    redeem(alice, mug)
    redeem(alice, mug)
    refund(mo, redeem(alice, mug))
    row = by_reward(first_monday(13))[0]
    assert (row["title"], row["taken"], row["refunded"], row["points"], row["money"]) == (
        "Mug",
        2,
        1,
        20,
        Decimal("17.00"),
    )


def test_givers_are_listed_by_what_they_gave(alice, bob, mo, tess, thanks):
    thanks(alice)
    thanks(bob, 20)
    thanks(bob, 99, actor=tess)
    thanks(bob, 500, at=_ago(days=365))
    found = [(one["name"], one["gifts"], one["total"], one["people"]) for one in by_giver(first_monday(13))]
    assert found == [("Tess Example", 1, 99, 1), ("Mo Example", 2, 30, 2)]


def _solves(asker, helper, topic, times):
    for number in range(times):
        thread = ask(asker, topic=topic, subject=f"Question {number} of {asker.pk}", body="How?")
        mark_solution(asker, post_reply(helper, thread, body="So."))


def test_pairs_gifts_bursts_and_self_answers_are_pointed_at(
    alice, bob, charlie, cleo, mo, topic, thanks, as_
):
    _solves(alice, bob, topic, 2)
    _solves(bob, alice, topic, 2)
    _solves(charlie, cleo, topic, 5)
    for _time in range(3):
        thanks(cleo)
    for number in range(3):
        thread = ask(cleo, topic=topic, subject=f"Known {number}", body="How?")
        mark_solution(cleo, post_reply(cleo, thread, body="I know."))
    for number in range(12):
        earn(charlie.pk, Kind.ACHIEVEMENT, cause=f"x{number}", points=4)
    page = as_(mo).get(PAGE).content.decode()
    assert "2 and 2 solutions marked for each other" in page
    assert "5 of the 5 solutions that the first person marked" in page
    assert "Points awarded 3 times, 30 in total" in page
    assert "48 points in 12 transactions within the hour" in page
    assert "3 of 3 solutions on own questions" in page


def test_moderators_only(alice, cleo, mo, root, as_):
    for path in (PAGE, *(f"{PAGE}{table}.csv" for table in SHEETS)):
        assert as_(None).get(path).status_code == 302
        for viewer, status in ((alice, 403), (cleo, 403), (mo, 200), (root, 200)):
            assert as_(viewer).get(path).status_code == status, (path, viewer)


@pytest.mark.parametrize("asked", ["", "0", "-1", "abc", "9" * 400, "²"])
def test_unknown_period_is_half_a_year(asked, mo, as_):
    assert as_(mo).get(PAGE, {"weeks": asked}).content.decode().count("<tr>") == 27
    assert as_(mo).get(f"{PAGE}gone.csv").status_code == 404


def test_a_spreadsheet_runs_nothing_of_what_people_wrote(mo, alice, person, give, reward, thanks, as_):
    evil = person("eve", first_name='=HYPERLINK("http://x")', role="moderator")
    give(alice, 50)
    redeem(alice, reward("evil", title="+cmd|' /C calc'!A0"))
    for _time in range(3):
        thanks(alice, actor=evil)
    for table in SHEETS:
        answer = as_(mo).get(f"{PAGE}{table}.csv")
        assert (
            answer["Content-Type"] == "text/csv; charset=utf-8"
            and "attachment" in answer["Content-Disposition"]
        )
        cells = [cell for row in csv.reader(io.StringIO(answer.content.decode())) for cell in row]
        assert [
            one
            for one in cells
            if one.startswith(("=", "+", "@")) or (one.startswith("-") and not one[1:].isdigit())
        ] == []
    assert "'=HYPERLINK" in as_(mo).get(f"{PAGE}givers.csv").content.decode()


def test_ten_more_of_everything_take_no_more_queries(mo, tess, person, topic, give, reward, thanks, as_):
    browser, counts = as_(mo), []
    for size in (2, 2, 10):
        for number in range(size):
            one, other = person(f"a{len(counts)}x{number}"), person(f"b{len(counts)}x{number}")
            give(one, 50)
            redeem(one, reward(f"r{len(counts)}x{number}"))
            for _time in range(3):
                thanks(one, 1)
            _solves(one, other, topic, 4)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(PAGE).status_code == 200
        counts.append(len(seen))
    assert counts[1] == counts[2] <= 14
