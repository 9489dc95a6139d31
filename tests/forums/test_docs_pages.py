"""A docs page has one address, one topic, and keeps its questions when it moves."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from forums.actions.docs import move_page, standing
from forums.actions.threads import ask
from forums.docs import BadPage, allowed_page, page_url
from forums.models import DocsRule, Thread, Topic
from forums.queries.docs import edit_address, place_of, questions_of
from forums.queries.lists import ThreadFilter, page_of

PAGE = "https://docs.example.com/docs/install"


@pytest.mark.parametrize(
    "given",
    ["https://docs.example.com/docs/install", "HTTPS://Docs.Example.COM:443/docs/install/", PAGE + "?utm=1#top", PAGE + "/index.html",
     "https://docs.example.com//docs/./x/../install"],
)  # fmt: skip
def test_every_spelling_of_a_page_is_one_address(given):
    assert page_url(given) == PAGE


@pytest.mark.parametrize(
    "given",
    ["", "install", "javascript:alert(1)", "ftp://docs.example.com/x", "https://", "https://u:p@docs.example.com/", "https://[::1", "//x",
     "https://docs.example.com/" + "x" * 600, "https://docs.example.com/%00", "https://docs.example.com:99999/x"],
)  # fmt: skip
def test_what_is_no_page_gets_a_sentence(given):
    with pytest.raises(BadPage):
        page_url(given)


def test_a_path_stands_on_the_site_that_asks():
    assert page_url("/docs/install/", site="https://docs.example.com/elsewhere") == PAGE


def test_only_sites_on_the_list_may_show_questions(settings):
    settings.EMBED_ORIGINS = ["https://docs.example.com", "https://*.example.org"]
    assert allowed_page(PAGE) == PAGE
    assert allowed_page("https://a.example.org/x")
    for other in (
        "https://example.org/x",
        "http://docs.example.com/x",
        "https://evilexample.org/x",
        "https://docs.example.com:8443/x",
    ):
        with pytest.raises(BadPage):
            allowed_page(other)


@pytest.fixture
def rules(topic, board):
    DocsRule.objects.create(prefix="/docs", topic=board)
    DocsRule.objects.create(
        prefix="/docs/install",
        topic=topic,
        listed=False,
        edit_template="https://git.example.com/edit/{path}.md",
    )
    DocsRule.objects.create(section="SDKs", topic=board)


def test_the_longest_path_wins_then_the_section_then_uncategorized(rules, topic, board):
    places = {
        "/docs/install": topic, "/docs/install/linux": topic, "/docs/installer": board, "/docs": board, "/docs/a/b/c": board,
    }  # fmt: skip
    for path, wanted in places.items():
        assert place_of(f"https://docs.example.com{path}", "SDKs").topic == wanted
    assert place_of("https://docs.example.com/guides/x", "sdks").topic == board
    nowhere = place_of("https://docs.example.com/guides/x")
    assert (nowhere.topic.slug, nowhere.listed) == ("uncategorized", True)
    assert standing(place_of("https://docs.example.com/guides/y").topic) == standing(nowhere.topic)
    assert (
        edit_address("https://docs.example.com/docs/install/linux")
        == "https://git.example.com/edit/docs/install/linux.md"
    )
    assert edit_address("https://docs.example.com/guides/x") == ""


def test_rules_of_a_host_come_before_those_of_every_host(rules, topic, board):
    DocsRule.objects.create(host="sdk.example.com", prefix="/", topic=topic)
    DocsRule.objects.create(host="sdk.example.com", prefix="/docs/install/linux", topic=board)
    DocsRule.objects.create(host="sdk.example.com", section="SDKs", topic=topic)
    places = {
        "https://sdk.example.com/docs/install": topic, "https://sdk.example.com/docs/install/linux": board,
        "https://docs.example.com/docs": board, "https://sdk.example.com:8443/docs": board,
    }  # fmt: skip
    assert {url: place_of(url).topic for url in places} == places
    assert "sdk.example.com" in place_of("https://sdk.example.com/docs").why
    DocsRule.objects.filter(prefix="/", host="sdk.example.com").delete()
    assert place_of("https://sdk.example.com/x", "sdks").topic == topic
    assert place_of("https://docs.example.com/x", "sdks").topic == board


def test_a_thread_of_its_page_only_is_in_no_list_but_under_the_page(alice, topic):
    before = Topic.objects.get(pk=topic.pk).thread_count
    thread = ask(
        alice,
        topic=topic,
        subject="Only under the page",
        body="Where is it?",
        docs_page=PAGE + "/",
        page_only=True,
    )
    assert [one.pk for one in questions_of(PAGE).threads] == [thread.pk]
    assert not Thread.objects.listed().filter(pk=thread.pk).exists()
    assert thread.pk not in [
        row.thread.id for row in page_of(ThreadFilter(topic_id=topic.pk), sort="latest").rows
    ]
    assert Topic.objects.get(pk=topic.pk).thread_count == before


def test_a_moved_page_takes_its_questions_along_and_new_ones_follow(alice, topic, mo, bob):
    thread = ask(alice, topic=topic, subject="Before the move", body="Where is it?", docs_page=PAGE)
    move_page(mo, PAGE, "https://docs.example.com/start/install/")
    move_page(mo, "https://docs.example.com/start/install", "https://docs.example.com/begin")
    later = ask(bob, topic=topic, subject="After the move", body="Where is it?", docs_page=PAGE)
    found = questions_of("https://docs.example.com/begin")
    assert {one.pk for one in found.threads} == {thread.pk, later.pk}
    assert questions_of(PAGE).total == 0
    # And back again: no circle.
    move_page(mo, "https://docs.example.com/begin", PAGE)
    assert questions_of(PAGE).total == 2
    assert (
        ask(bob, topic=topic, subject="At home again", body="Where is it?", docs_page=PAGE).docs_page == PAGE
    )


def test_only_moderators_move_pages_and_not_to_nowhere(bob, mo):
    with pytest.raises(PermissionDenied):
        move_page(bob, PAGE, "https://docs.example.com/x")
    for new in (PAGE, "x"):
        with pytest.raises(ValidationError):
            move_page(mo, PAGE, new)


def test_an_address_that_is_none_is_refused_when_asking(alice, topic):
    with pytest.raises(ValidationError) as refused:
        ask(alice, topic=topic, subject="Where", body="Where is it?", docs_page="javascript:alert(1)")
    assert "docs_page" in refused.value.message_dict
