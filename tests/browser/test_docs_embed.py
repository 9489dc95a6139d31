"""A docs page of another site, under a strict policy, with its questions in a frame."""

from __future__ import annotations

import importlib.util
import socket
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from forums.models import DocsRule, Post, Thread
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "docs-site" / "build.py"
PATH = "/docs/install/linux"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("docs_site_build", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def docs(example, live_server, settings):
    """The example docs site on 127.0.0.1: for a browser another site than localhost, where the community is."""
    with ThreadingHTTPServer(("127.0.0.1", 0), example.Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}"
        example.Handler.forum, example.Handler.site = live_server.url, site
        settings.EMBED_ORIGINS = [site]
        yield site
        server.shutdown()


@pytest.fixture
def questions(docs, topic, alice, bob):
    """A solved and an open question about the page."""
    DocsRule.objects.create(prefix="/docs", topic=topic)
    solved = ask(
        alice, topic=topic, subject="Which port is it?", body="There are two.", docs_page=docs + PATH
    )
    mark_solution(alice, post_reply(bob, solved, body="The **blue** one."))
    opened = ask(
        alice, topic=topic, subject="Does it run on ARM?", body="A small board.", docs_page=docs + PATH
    )
    return solved, opened


def framed(page):
    return page.frame_locator("hearth-questions iframe")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_page_under_a_strict_policy_shows_its_questions(visitor, docs, questions, width, scheme):
    reader = visitor(width=width, scheme=scheme)
    reader.page.goto(docs + PATH)
    reader.page.locator("hearth-questions").scroll_into_view_if_needed()
    frame = framed(reader.page)
    expect(frame.locator("summary")).to_have_count(2)
    frame.get_by_text("Which port is it?").click()
    expect(frame.locator("strong")).to_have_text("blue")
    iframe = reader.page.locator("hearth-questions iframe")
    wanted = frame.locator("body").evaluate("body => body.scrollHeight")
    expect(iframe).to_have_js_property("offsetHeight", wanted)
    assert frame.locator("html").evaluate("root => root.scrollWidth <= innerWidth")
    # What was printed for browsers without scripts gives way.
    expect(reader.page.locator("hearth-questions > ul")).to_be_hidden()
    assert frame.locator("body").evaluate("body => getComputedStyle(body).colorScheme || 1")
    assert reader.errors == []


def test_the_theme_follows_the_page_at_run_time(visitor, docs, questions):
    reader = visitor()
    reader.page.goto(docs + PATH)
    reader.page.locator("hearth-questions").scroll_into_view_if_needed()
    root = framed(reader.page).locator("html")
    expect(framed(reader.page).locator("summary")).to_have_count(2)
    reader.page.evaluate("document.querySelector('hearth-questions').setAttribute('theme', 'dark')")
    expect(root).to_have_attribute("data-theme", "dark")
    reader.page.evaluate("document.querySelector('hearth-questions').setAttribute('theme', 'auto')")
    expect(root).not_to_have_attribute("data-theme", "dark")


def test_a_guest_writes_first_signs_in_in_a_window_and_finds_it_posted(visitor, docs, questions):
    guest = visitor()
    page = guest.page
    page.goto(docs + PATH)
    page.locator("hearth-questions").scroll_into_view_if_needed()
    frame = framed(page)
    frame.get_by_label("Ask about this page").fill("Where are the logs?")
    frame.get_by_label("Details").fill("On **Debian**.")
    with page.expect_popup() as opened:
        frame.get_by_role("button", name="Ask").click()
    window = opened.value
    window.fill("input[name=login]", "bob@example.com")
    window.fill("input[name=password]", PASSWORD)
    with window.expect_event("close"):
        window.click("main button[type=submit] >> nth=0")
    expect(frame.locator("main > [data-status]")).to_have_text("Posted.")
    expect(frame.get_by_text("Where are the logs?")).to_be_visible()
    thread = Thread.objects.get(subject="Where are the logs?")
    assert (thread.docs_page, thread.author.user.email) == (docs + PATH, "bob@example.com")
    frame.get_by_text("Does it run on ARM?").click()
    answer = frame.locator("details[open]")
    answer.get_by_label("Reply").fill("It does, since spring.")
    answer.get_by_role("button", name="Reply").click()
    expect(answer.locator(".hw__replies")).to_contain_text("It does, since spring.")
    expect(answer.locator("[data-status]")).to_have_text("Posted.")
    expect(answer.locator("[data-status]")).to_be_focused()
    expect(answer.locator("summary")).to_contain_text("1 reply")
    assert Post.objects.filter(thread=questions[1], number=2).exists()
    assert page.url == docs + PATH


def test_a_window_closed_without_signing_in_is_noticed(visitor, docs, questions):
    page = visitor().page
    page.goto(docs + PATH)
    page.locator("hearth-questions").scroll_into_view_if_needed()
    frame = framed(page)
    frame.get_by_label("Ask about this page").fill("Where are the logs?")
    with page.expect_popup() as opened:
        frame.get_by_role("button", name="Ask").click()
    expect(frame.locator("form.hw__ask [data-error]")).to_contain_text("Use the new window to sign in")
    opened.value.close()
    expect(frame.locator("form.hw__ask [data-error]")).to_contain_text("You didn’t sign in")
    expect(frame.get_by_label("Ask about this page")).to_have_value("Where are the logs?")


def test_no_rule_of_the_host_shows_the_fallback_beside_the_frame(
    visitor, docs, questions, example, monkeypatch
):
    monkeypatch.setattr(
        example, "STYLE", example.STYLE + "hearth-questions > * { display: block !important; }"
    )
    reader = visitor()
    reader.page.goto(docs + PATH)
    reader.page.locator("hearth-questions").scroll_into_view_if_needed()
    expect(framed(reader.page).locator("summary")).to_have_count(2)
    expect(reader.page.locator("hearth-questions > ul")).to_be_hidden()
    expect(reader.page.locator("hearth-questions a", has_text="Ask about this page")).to_be_hidden()


def test_a_page_that_names_another_one_is_followed(visitor, docs, questions):
    reader = visitor()
    reader.page.goto(docs + PATH)
    reader.page.locator("hearth-questions").scroll_into_view_if_needed()
    expect(framed(reader.page).locator("summary")).to_have_count(2)
    entries = reader.page.evaluate("history.length")
    reader.page.evaluate(
        "document.querySelector('hearth-questions').setAttribute('page', '/docs/other?tab=1#top')"
    )
    expect(framed(reader.page).locator("summary")).to_have_count(0)
    expect(framed(reader.page).locator("input[name=page]")).to_have_value(docs + "/docs/other")
    assert reader.page.evaluate("history.length") == entries


def test_a_canonical_page_on_another_origin_gives_way_to_the_page_itself(visitor, docs, questions, example):
    example.Handler.site = "https://www.example.com"
    reader, said = visitor(), []
    reader.page.on("console", lambda message: said.append(message.text))
    reader.page.goto(docs + PATH)
    reader.page.locator("hearth-questions").scroll_into_view_if_needed()
    expect(framed(reader.page).locator("summary")).to_have_count(2)
    assert any("https://www.example.com" in text and "another origin" in text for text in said)


def test_without_scripts_the_printed_questions_stand(visitor, docs, questions):
    reader = visitor(javascript=False)
    reader.page.goto(docs + PATH)
    expect(reader.page.locator("hearth-questions a", has_text="Which port is it?")).to_be_visible()
    expect(reader.page.locator("hearth-questions strong")).to_have_text("blue")
    reader.page.click("text=Ask about this page")
    expect(reader.page.locator("#id_topic")).to_have_value("exports")


def test_a_site_that_is_not_listed_keeps_its_own_words(visitor, docs, questions, settings):
    settings.EMBED_ORIGINS = ["https://docs.example.com"]
    reader = visitor()
    reader.page.goto(docs + PATH)
    reader.page.locator("hearth-questions").scroll_into_view_if_needed()
    reader.page.wait_for_selector("hearth-questions iframe", state="attached")
    expect(reader.page.locator("hearth-questions a", has_text="Ask about this page")).to_be_visible()
    assert not any(
        "Which port" in frame.content() for frame in reader.page.frames[1:] if frame.url.startswith("http")
    )


def test_with_the_community_stopped_the_page_is_whole(visitor, docs, example):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        example.Handler.forum = f"http://localhost:{taken.getsockname()[1]}"
        reader = visitor()
        reader.page.goto(docs + PATH)
        expect(reader.page.locator("h1")).to_have_text("Install the bridge on Linux")
        expect(reader.page.locator("hearth-questions a")).to_be_visible()
        assert reader.page.locator("iframe").count() == 0
