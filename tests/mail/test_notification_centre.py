"""The notification centre: what one was told, read by going there, taken away and put back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forums.actions.threads import edit_thread
from profiles.actions.notifications import notify, read_notifications
from profiles.models import Notification
from profiles.notifications import Kind, add_kind
from profiles.queries import unread_count

PATH = "/community/notifications/"


@pytest.fixture(autouse=True)
def _kind():
    add_kind(Kind("test", "Tests"))


@pytest.fixture
def tell(django_capture_on_commit_callbacks):
    def tell(people, source="thing:1", url="/questions/elsewhere/#post-1", title="Bob replied", **more):
        with django_capture_on_commit_callbacks(execute=True):
            notify(people, "test", source_key=source, title=title, url=url, **more)

    return tell


@pytest.fixture
def visit(django_capture_on_commit_callbacks):
    def visit(browser, path, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return browser.get(path, **more)

    return visit


def test_it_lists_ones_own_newest_first(alice, bob, tell, as_):
    tell([alice], title="The first <b>thing</b>", actor=bob)
    tell([alice], source="thing:2", title="The second")
    tell([bob], source="thing:3", title="For Bob only")
    page = as_(alice).get(PATH)
    assert [row.title for row, _label in page.context["lines"]] == ["The second", "The first <b>thing</b>"]
    shown = page.content.decode()
    assert "&lt;b&gt;thing" in shown
    assert "Bob Example" in shown
    assert "@example.com" not in shown


def test_the_bell_counts_what_is_unread(alice, tell, as_):
    browser = as_(alice)
    assert "data-new" not in browser.get("/questions/").content.decode()
    for number in range(3):
        tell([alice], source=f"thing:{number}")
    assert 'data-new="3"' in browser.get("/questions/").content.decode()
    bell = browser.get(PATH + "count/", headers={"HX-Request": "true"}).content.decode()
    assert "Notifications, 3 new" in bell
    assert "<html" not in bell


def test_a_poll_of_somebody_who_signed_out_gets_nothing(client):
    assert client.get(PATH + "count/", headers={"HX-Request": "true"}).status_code == 204


def test_visiting_the_thread_reads_what_it_shows(alice, bob, thread, reply, tell, visit, as_):
    tell([alice, bob], source=f"post:{reply.pk}", url=reply.get_absolute_url())
    edit_thread(alice, thread, subject="Why are the exports empty?")
    thread.refresh_from_db()
    visit(as_(alice), f"/questions/{thread.slug}/")
    assert (unread_count(alice), unread_count(bob)) == (0, 1)


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Sec-Purpose": "prefetch"}], ids=str)
def test_visiting_any_page_reads_what_leads_there_but_a_script_does_not(headers, alice, tell, visit, as_):
    browser = as_(alice)
    tell([alice], url="/community/achievements/#first")
    tell([alice], source="x:2", url="/community/achievements/other/")
    visit(browser, "/community/achievements/", headers=headers)
    assert unread_count(alice) == 2
    visit(browser, "/community/achievements/")
    assert [row.source_key for row in Notification.objects.unread()] == ["x:2"]


def test_pages_without_anything_unread_ask_nothing_more(alice, tell, visit, as_):
    browser = as_(alice)

    def updates():
        with CaptureQueriesContext(connection) as captured:
            visit(browser, "/questions/")
        return [
            one["sql"] for one in captured if one["sql"].startswith("UPDATE") and "notification" in one["sql"]
        ]

    tell([alice])
    browser.get("/questions/")
    assert updates() == []


def test_reading_one_or_all_and_dismissing_with_a_way_back(alice, bob, tell, as_):
    browser = as_(alice)
    for number in range(3):
        tell([alice, bob], source=f"thing:{number}")
    one = Notification.objects.filter(profile=alice).first()
    browser.post(PATH + "read/", {"id": one.pk})
    assert Notification.objects.filter(profile=alice).unread().count() == 2
    browser.post(PATH + "dismiss/", {"id": one.pk})
    page = browser.get(PATH)
    assert len(page.context["lines"]) == 2
    assert f"{PATH}{one.pk}/undismiss/" in page.content.decode()
    browser.post(f"{PATH}{one.pk}/undismiss/")
    browser.post(PATH + "read/")
    assert (
        len(browser.get(PATH).context["lines"]),
        len(browser.get(PATH + "?show=unread").context["lines"]),
    ) == (3, 0)
    assert Notification.objects.filter(profile=bob).unread().count() == 3


def test_nobody_touches_what_another_was_told(alice, bob, tell, as_):
    tell([alice])
    row = Notification.objects.get()
    for path in ("read/", "dismiss/", f"{row.pk}/undismiss/"):
        assert as_(bob).post(PATH + path, {"id": row.pk}).status_code == 302
    row.refresh_from_db()
    assert (row.read_at, row.dismissed_at) == (None, None)


@pytest.mark.parametrize("given", ["x", "-1", "9" * 30, "१२", "1 OR 1=1"])
def test_an_id_that_is_none_changes_nothing(given, alice, tell, as_):
    tell([alice])
    assert as_(alice).post(PATH + "dismiss/", {"id": given}).status_code == 302
    assert Notification.objects.shown().count() == 1


def test_it_leafs_through_all_of_it(alice, tell, as_):
    for number in range(45):
        tell([alice], source=f"thing:{number}")
    browser, seen, query = as_(alice), [], ""
    for _page in range(3):
        page = browser.get(PATH + query).context["page"]
        seen += [row.source_key for row in page.rows]
        query = f"?after={page.older}"
    assert seen == [f"thing:{number}" for number in reversed(range(45))]
    assert page.older is None
    back = browser.get(f"{PATH}?before={page.newer}").context["page"]
    assert [row.source_key for row in back.rows] == seen[20:40]
    assert browser.get(f"{PATH}?after=nonsense").status_code == 200


def test_an_empty_centre_leads_somewhere(alice, as_):
    assert "No notifications yet" in as_(alice).get(PATH).content.decode()
    assert "You’re all caught up" in as_(alice).get(PATH + "?show=unread").content.decode()


def test_beyond_ninety_nine_nobody_counts(alice, tell, visit, as_):
    for number in range(102):
        tell([alice], source=f"thing:{number}", url=f"/x/{number}/")
    browser = as_(alice)
    assert 'data-new="99+"' in browser.get("/questions/").content.decode()
    Notification.objects.filter(source_key="thing:0").update(url="/questions/")
    visit(browser, "/questions/")
    assert Notification.objects.get(source_key="thing:0").read_at is not None
    read_notifications(alice)


def test_ten_more_rows_cost_no_more_queries(alice, person, tell, as_):
    browser = as_(alice)

    def grow(start, count):
        for number in range(start, start + count):
            tell([alice], source=f"thing:{number}", actor=person(f"p{number}"))

    def queries():
        browser.get(PATH)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PATH).status_code == 200
        return len(captured)

    grow(0, 3)
    few = queries()
    grow(3, 10)
    assert queries() <= few
