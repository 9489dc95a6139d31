"""The directory of people: who finds whom in it, in which order, and what a spreadsheet makes of its file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from community.audit.models import LogEntry
from community.lib.sheets import safe_cell
from forums.actions.posts import post_reply
from forums.actions.votes import vote
from profiles.actions.profiles import update_profile
from profiles.models import Profile, User

PATH = "/moderation/directory/"


@pytest.fixture
def names(mo, as_):
    browser = as_(mo)

    def shown(**query):
        answer = browser.get(PATH, query)
        assert answer.status_code == 200
        return [one.name.split()[0] for one in answer.context["page"]]

    return shown


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_only_moderators_open_it(alice, cleo, mo, root, as_):
    assert as_(None).get(PATH).status_code == 302
    for profile, status in ((alice, 403), (cleo, 403), (mo, 200), (root, 200)):
        assert as_(profile).get(PATH).status_code == status
        assert as_(profile).get(PATH, {"format": "csv"}).status_code == status


def test_people_are_found_by_name_handle_and_whole_address(alice, bob, names):
    assert names(q="ALICE") == ["Alice"]
    assert names(q="@bob-ex") == ["Bob"]
    assert names(q="bob@example.com") == ["Bob"]
    assert names(q="bob@example") == []
    assert names(q="%") == []


def test_they_are_narrowed_by_role_and_team(alice, cleo, tess, names):
    assert names(role="champion") == ["Cleo"]
    assert names(team="pipelines") == ["Tess"]
    assert names(role="nobody", team="none") == []


def test_they_are_sorted(alice, bob, charlie, names):
    assert names(q="example", sort="name")[:2] == ["Alice", "Bob"]
    assert names(sort="newest")[0] == "Mo" or names(sort="newest")[0] == "Charlie"
    User.objects.filter(pk=bob.user_id).update(last_seen_at=timezone.now() + timedelta(days=1))
    assert names(sort="seen")[0] == "Bob"
    Profile.objects.filter(pk=charlie.pk).update(reputation=500)
    assert names(sort="reputation")[0] == "Charlie"


def test_whoever_has_links_and_no_reply_anyone_voted_for_stands_out(alice, bob, charlie, thread, names):
    for one in (alice, bob):
        update_profile(one, one, links={"website": "https://shop.example/"})
    update_profile(charlie, charlie, bio="See https://shop.example/ now.")
    assert set(names(suspicious="1")) == {"Alice", "Bob", "Charlie"}
    reply = post_reply(bob, thread, body="It helps.")
    assert "Bob" in names(suspicious="1")
    vote(alice, reply)
    assert set(names(suspicious="1")) == {"Alice", "Charlie"}


def test_the_file_holds_what_was_asked_for_no_address_and_no_formula(alice, bob, mo, as_):
    update_profile(alice, alice, name="=HYPERLINK(1)")
    answer = as_(mo).get(PATH, {"format": "csv", "role": "member", "sort": "name"})
    assert "attachment" in answer["Content-Disposition"] and answer["Content-Type"].startswith("text/csv")
    rows = rows_of(answer)
    assert [row["name"] for row in rows] == ["'=HYPERLINK(1)", "Bob Example"]
    assert rows[1]["profile"].endswith(bob.get_absolute_url()) and rows[1]["replies"] == "0"
    assert "@example.com" not in str(rows)
    assert LogEntry.objects.filter(action="directory.exported", actor_id=mo.pk).count() == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1"])
def test_what_begins_like_a_formula_is_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, 7, "plain", "a=b", ""])
def test_the_rest_stays_as_it_is(value):
    assert safe_cell(value) == str(value)


@pytest.mark.parametrize("query", [{}, {"suspicious": "1", "sort": "seen"}, {"q": "p", "sort": "name"}])
def test_ten_more_people_take_no_more_queries(mo, person, as_, query, django_assert_num_queries):
    def ten(start):
        for number in range(start, start + 10):
            one = person(f"p{number}")
            update_profile(one, one, links={"website": "https://p.example/"})

    browser = as_(mo)
    ten(0)
    browser.get(PATH, query)
    with django_assert_num_queries(6):
        browser.get(PATH, query)
    ten(10)
    with django_assert_num_queries(6):
        assert browser.get(PATH, query).status_code == 200
