"""Questions at the end of a docs page: who may show them, what they show, and writing from inside the frame."""

from __future__ import annotations

import json
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from community.lib import ratelimit
from community.lib.sealed import seal
from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask, delete_thread
from forums.embed import LIFE_SECONDS, PURPOSE
from forums.models import DocsRule, Post, Thread, Topic, TopicGroup
from moderation.actions.posts import hide_post
from moderation.actions.threads import archive_thread, hide_thread, pin_thread
from moderation.spam.limits import LIMITS
from profiles.models import Profile
from profiles.models.profile import Trust

SITE = "https://docs.example.com"
PAGE = f"{SITE}/docs/install/linux"
JSON_LIST = "/api/v1/embed/threads/"


@pytest.fixture(autouse=True)
def _sites(settings):
    settings.EMBED_ORIGINS = [SITE]


@pytest.fixture
def about(alice, topic):
    """Ask about the page."""

    def make(subject, body="How?", page=PAGE):
        return ask(alice, topic=topic, subject=subject, body=body, docs_page=page)

    return make


@pytest.fixture
def newcomer(charlie):
    Profile.objects.filter(pk=charlie.pk).update(trust=Trust.NEW)
    return Profile.objects.get(pk=charlie.pk)


def frame(browser, page=PAGE, **more):
    return browser.get("/embed/questions/", {"page": page, **more})


def token_of(browser):
    """Sign in as the window does and read what it hands the frame."""
    page = browser.get("/embed/sign-in/").content.decode()
    return page.split('data-embed-token="')[1].split('"')[0]


def write(client, path, token, **fields):
    return client.post(path, fields, headers={"Authorization": f"Embed {token}"})


def test_only_listed_sites_may_frame_it(client, about):
    about("Where is the port?")
    assert "frame-ancestors https://docs.example.com" in frame(client)["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame(client)
    refused = frame(client, "https://elsewhere.example.net/docs")
    assert refused.status_code == 403
    assert "Where is the port?" not in refused.content.decode()
    assert "X-Frame-Options" in refused


def test_without_a_list_nobody_may(client, settings):
    settings.EMBED_ORIGINS = []
    assert frame(client).status_code == 403


@pytest.mark.parametrize(
    "page",
    ["", "x", "/docs", "javascript:alert(1)", SITE + "/%00", SITE + "/" + "x" * 900, "https://[", "\udce4"],
)
def test_what_is_no_page_is_refused_with_a_sentence(client, page):
    answer = client.get("/embed/questions/", {"page": page.encode("utf-8", "surrogateescape")})
    assert answer.status_code == 403
    assert answer.content
    assert client.get(JSON_LIST, {"docs_page": page.encode("utf-8", "surrogateescape")}).status_code == 400


def test_a_page_shows_its_own_questions_as_an_faq(client, about, bob, mo):
    opened, solved, pinned = about("Still open?"), about("Solved already?"), about("Pinned on top?")
    about("On another page?", page=SITE + "/docs/other")
    mark_solution(solved.author, post_reply(bob, solved, body="Turn it **twice**."))
    pin_thread(mo, pinned)
    page = frame(client, PAGE + "/?utm=1#top").content.decode()
    assert "On another page?" not in page
    assert page.index(pinned.subject) < page.index(solved.subject) < page.index(opened.subject)
    assert "Turn it <strong>twice</strong>." in page
    listed = client.get(JSON_LIST, {"docs_page": PAGE}).json()["results"]
    assert [one["subject"] for one in listed] == [pinned.subject, solved.subject, opened.subject]
    assert "<strong>twice</strong>" in listed[1]["solution_html"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gone", [archive_thread, hide_thread, delete_thread])
def test_what_is_taken_away_is_gone_at_once(client, about, mo, settings, gone):
    settings.PAGE_CACHE_SECONDS = 60
    thread = about("Is this right?")
    assert thread.subject in frame(client).content.decode()
    gone(mo, thread)
    assert thread.subject not in frame(client).content.decode()
    answer = client.get(JSON_LIST, {"docs_page": PAGE})
    assert answer.json()["results"] == []
    assert "max-age" not in answer["Cache-Control"]


def test_it_holds_nothing_of_whoever_looks(as_, about, mo):
    about("Where is the port?")
    ours, theirs = frame(as_(mo)), frame(as_(None))
    assert ours.content == theirs.content
    assert "csrfmiddlewaretoken" not in ours.content.decode()
    assert not theirs.cookies


def test_two_hundred_questions_come_in_pages(client, about):
    first = about("First of all?")
    Thread.objects.bulk_create(
        Thread(
            topic=first.topic, author=first.author, subject=f"Number {n}?", slug=f"number-{n}", docs_page=PAGE,
            created_at=first.created_at, last_activity_at=first.created_at,
        )
        for n in range(219)
    )  # fmt: skip
    shown = frame(client).content.decode()
    assert shown.count("<details") == 20
    assert "200 questions" in shown
    assert frame(client, page_number="10").content.decode().count("<details") == 20
    assert frame(client, page_number="99999999999").status_code == 200
    assert frame(client, page_number="11").content == frame(client, page_number="10").content


@pytest.mark.parametrize("path", ["/embed/questions/?page=" + PAGE, JSON_LIST + "?docs_page=" + PAGE])
def test_ten_more_questions_take_no_more_queries(client, about, bob, path):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    def add(count):
        for number in range(count):
            thread = about(f"Question {count} {number}?")
            mark_solution(thread.author, post_reply(bob, thread, body="So."))

    add(2)
    cost()
    before = cost()
    add(10)
    assert cost() <= before


def test_a_question_lands_by_the_longest_path_and_says_where_it_was_asked(client, as_, bob, topic, board):
    DocsRule.objects.create(
        prefix="/docs", topic=board, edit_template="https://git.example.com/edit/{path}.md"
    )
    DocsRule.objects.create(
        prefix="/docs/install", topic=topic, edit_template="https://git.example.com/edit/{path}.md"
    )
    answer = write(
        client, "/embed/ask/", token_of(as_(bob)), page=PAGE, subject="Which port?", body="There are two."
    )
    assert answer.status_code == 201, answer.content
    thread = Thread.objects.get()
    assert (thread.topic, thread.docs_page, thread.author) == (topic, PAGE, bob)
    page = client.get(answer.json()["url"].split("#")[0]).content.decode()
    assert f'href="{PAGE}"' in page
    assert 'href="https://git.example.com/edit/docs/install/linux.md"' in page
    assert thread.subject in frame(client).content.decode()


def test_a_rule_may_keep_questions_out_of_the_forum(client, as_, bob, topic):
    DocsRule.objects.create(prefix="/docs", topic=topic, listed=False)
    assert (
        write(
            client, "/embed/ask/", token_of(as_(bob)), page=PAGE, subject="Which port?", body="Two."
        ).status_code
        == 201
    )
    assert "Which port?" in frame(client).content.decode()
    assert "Which port?" not in client.get("/questions/").content.decode()


def test_replying_in_place(client, as_, about, bob):
    thread = about("Which port?")
    assert (
        write(
            client, f"/embed/threads/{thread.pk}/reply/", token_of(as_(bob)), body="The blue one."
        ).status_code
        == 201
    )
    assert Post.objects.get(thread=thread, number=2).author == bob


def test_a_question_shows_its_newest_replies_and_links_to_the_others(client, about, bob, mo):
    thread = about("Which port?")
    posts = [post_reply(bob, thread, body=f"Reply **{number}**") for number in range(8)]
    mark_solution(thread.author, posts[0])
    hide_post(mo, posts[7])
    page = LexborHTMLParser(frame(client).content.decode())
    assert [one.text() for one in page.css(".hw__replies .prose strong")] == ["2", "3", "4", "5", "6"]
    assert "Read 1 earlier reply" in page.css_first(".hw__answer").text()


def test_only_questions_of_docs_pages_are_answered_there(client, as_, thread, bob):
    token = token_of(as_(bob))
    for pk in (thread.pk, 0):
        answer = write(client, f"/embed/threads/{pk}/reply/", token, body="Hello.")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_cookie_alone_writes_nothing(as_, bob, about):
    thread = about("Which port?")
    browser = as_(bob)
    assert browser.post("/embed/ask/", {"page": PAGE, "subject": "Me?", "body": "x"}).status_code == 401
    assert browser.post(f"/embed/threads/{thread.pk}/reply/", {"body": "x"}).status_code == 401
    assert Post.objects.count() == 1


def test_a_token_ends_with_its_session(client, as_, bob, about):
    thread = about("Which port?")
    browser = as_(bob)
    token, path = token_of(browser), f"/embed/threads/{thread.pk}/reply/"
    assert write(client, path, token, body="One.").status_code == 201
    browser.logout()
    assert write(client, path, token, body="Two.").status_code == 401


def test_a_token_ends_with_a_ban_and_with_a_new_password(client, as_, bob, charlie, about):
    path = f"/embed/threads/{about('Which port?').pk}/reply/"
    banned, changed = token_of(as_(bob)), token_of(as_(charlie))
    bob.user.is_active = False
    bob.user.save()
    charlie.user.set_password("another long evening")
    charlie.user.save()
    assert [write(client, path, token, body="Hello.").status_code for token in (banned, changed)] == [
        401,
        401,
    ]


def test_what_is_no_token_of_ours_is_refused(client, as_, bob, about):
    path = f"/embed/threads/{about('Which port?').pk}/reply/"
    browser = as_(bob)
    browser.get("/embed/sign-in/")
    key = browser.session.session_key
    old = seal(json.dumps([PURPOSE, bob.user.pk, key, int(time.time()) - LIFE_SECONDS - 1]))
    other = seal(json.dumps(["download", bob.user.pk, key, int(time.time())]))
    another = seal(json.dumps([PURPOSE, bob.user.pk + 1, key, int(time.time())]))
    for token in (old, other, another, seal("[]"), seal("no json"), "", "x", "ü", "gAAAA" + "A" * 500):
        assert write(client, path, token, body="Hello.").status_code == 401


def test_refusals_are_sentences(client, as_, bob, about):
    token = token_of(as_(bob))
    assert (
        write(
            client, "/embed/ask/", token, page="https://elsewhere.example.net/", subject="a b c", body="x"
        ).status_code
        == 400
    )
    empty = write(client, "/embed/ask/", token, page=PAGE, subject="", body="")
    assert empty.status_code == 400
    assert empty.json()
    long = write(client, f"/embed/threads/{about('Which port?').pk}/reply/", token, body="x" * 30_001)
    assert long.status_code == 400


def test_the_list_is_for_listed_sites_without_credentials(client, about):
    about("Which port?")
    ours = client.get(JSON_LIST, {"docs_page": PAGE}, headers={"Origin": SITE})
    theirs = client.get(JSON_LIST, {"docs_page": PAGE}, headers={"Origin": "https://elsewhere.example.net"})
    assert ours["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in ours
    assert "Access-Control-Allow-Origin" not in theirs
    assert "Origin" in theirs["Vary"]
    assert client.get(JSON_LIST, {"docs_page": "https://elsewhere.example.net/x"}).status_code == 400


def test_the_script_is_small_and_asked_for_again_only_when_it_changed(client):
    answer = client.get("/embed/v1.js")
    body = b"".join(answer) if answer.streaming else answer.content
    assert len(body) < 5_000
    assert answer["Content-Type"].startswith("text/javascript")
    assert client.get("/embed/v1.js", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_ask_page_of_a_link_knows_the_topic(client, topic):
    DocsRule.objects.create(prefix="/docs", topic=topic)
    page = client.get("/questions/ask/", {"docs_page": PAGE}).content.decode()
    assert 'value="exports" selected' in page
    assert client.get("/questions/ask/", {"docs_page": "https://elsewhere.example.net/"}).status_code == 200


def test_a_rule_says_something():
    for wrong in (
        DocsRule(), DocsRule(prefix="docs"), DocsRule(prefix="/docs", edit_template="http://x"),
        DocsRule(prefix="/docs", host="https://docs.example.com/"), DocsRule(host="docs.example.com"),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            wrong.clean()


def test_looking_makes_no_topic_and_the_first_question_does(client, as_, bob):
    groups, topics = TopicGroup.objects.count(), Topic.objects.count()
    assert "Posted in Uncategorized." in frame(client).content.decode()
    assert client.get("/questions/ask/", {"docs_page": PAGE}).status_code == 200
    assert (TopicGroup.objects.count(), Topic.objects.count()) == (groups, topics)
    token = token_of(as_(bob))
    for number in range(2):
        answer = write(
            client,
            "/embed/ask/",
            token,
            page=PAGE,
            subject=f"Which port, {number}?",
            body=f"There are {number}.",
        )
        assert answer.status_code == 201, answer.content
    assert [thread.topic.slug for thread in Thread.objects.all()] == ["uncategorized"] * 2


@pytest.mark.parametrize("kind", ["ask", "reply"])
def test_new_members_from_one_address_are_counted_here_too(client, as_, about, newcomer, kind):
    thread, token = about("Which port?"), token_of(as_(newcomer))
    path = "/embed/ask/" if kind == "ask" else f"/embed/threads/{thread.pk}/reply/"
    for _turn in range(LIMITS["address"].number):
        ratelimit.check("newcomers", "127.0.0.1", limit=LIMITS["address"].number, seconds=3600)
    answer = write(client, path, token, page=PAGE, subject="Where is the lid?", body="I lost mine.")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert Post.objects.count() == 1
