"""Bodies made to blow parsers up: rendered or refused with a sentence, and nobody else waits."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from community.lib import helper_pool, markdown_pool
from community.lib.markdown import BodyRefused, Resolver, render, render_bounded, sanitize_bounded
from community.lib.markdown_pool import is_cheap
from tests.lib.corpora import live_markup, needs_data, pathological

COLOURED = "```python\nx = 1\n```"
QUADRATIC_ELSEWHERE = (
    "cm-link-openers", "cm-img-link-empty", "cm-list-empty-lines", "hr-run", "mk-cubic-link-title", "mk-reflink",
    "ms-114-stars", "ms-malformed-img", "pm-1617-backticks-ramp", "bl-unclosed-cdata",
)  # fmt: skip
ENDLESS = "*a **b _c " * 400_000


@pytest.fixture(autouse=True, scope="module")
def _no_helpers_left() -> Iterator[None]:
    yield
    markdown_pool.pool.close()


@pytest.fixture
def no_helpers() -> None:
    markdown_pool.pool.close()


def helper_ids() -> list[int]:
    return markdown_pool.pool.idle_pids()


@needs_data
@pytest.mark.parametrize("name", [name for name, _ in pathological()])
def test_a_pathological_body_is_rendered_or_refused(name: str) -> None:
    body = dict(pathological())[name]
    try:
        rendered = render_bounded(body)
    except BodyRefused as refused:
        sentence = str(refused)
    else:
        sentence = "try again"
        assert live_markup(rendered.html) == []
        assert len(rendered.html) < 20 * len(body)
    assert "try again" in sentence.lower()


@needs_data
@pytest.mark.parametrize("name", QUADRATIC_ELSEWHERE)
def test_a_pathological_body_takes_work_in_proportion_to_its_length(name: str) -> None:
    """Calls, not seconds, are compared: twice the body may take about twice the work, never four times."""
    body = dict(pathological())[name]
    short, long = _work(body[:6_000]), _work(body[:12_000])
    assert long < 3 * short + 20_000


def _work(body: str) -> int:
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        render(body)
    finally:
        sys.setprofile(None)
    return calls


def test_a_body_past_its_deadline_is_refused_and_the_next_is_rendered(no_helpers: None) -> None:
    with pytest.raises(BodyRefused, match="takes too long to format"):
        render_bounded(ENDLESS, limit=None, deadline=0.05)
    assert helper_ids() == []
    assert render_bounded(COLOURED).text == "x = 1"


def test_a_helper_is_used_again(no_helpers: None) -> None:
    render_bounded(COLOURED)
    first = helper_ids()
    render_bounded(COLOURED)
    assert helper_ids() == first
    assert len(first) == 1


def test_a_helper_that_was_killed_while_idle_is_replaced(no_helpers: None) -> None:
    render_bounded(COLOURED)
    os.kill(helper_ids()[0], 9)
    assert render_bounded(COLOURED).text == "x = 1"


def test_other_threads_go_on_while_a_body_takes_long() -> None:
    render_bounded(COLOURED)
    refused = threading.Event()

    def struggle() -> None:
        with pytest.raises(BodyRefused):
            render_bounded(ENDLESS, limit=None, deadline=3)
        refused.set()

    thread = threading.Thread(target=struggle)
    thread.start()
    done = 0
    while not refused.is_set():
        render_bounded("A *short* question.")
        render_bounded(COLOURED)
        done += 1
    thread.join()
    assert done


def test_many_threads_share_two_helpers(no_helpers: None) -> None:
    answers: list[str] = []

    def ask(number: int) -> None:
        answers.append(render_bounded(f"```python\n{number}\n```", deadline=10).text)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=int) == [str(number) for number in range(24)]
    assert len(helper_ids()) <= markdown_pool.HELPERS


def test_a_forked_process_starts_helpers_of_its_own(no_helpers: None) -> None:
    render_bounded(COLOURED)
    mine = helper_ids()
    child = os.fork()
    if child == 0:
        try:
            alone = helper_ids() == []
            rendered = render_bounded(COLOURED).text == "x = 1"
            others = helper_ids() != mine
            markdown_pool.pool.close()
            os._exit(0 if alone and rendered and others else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert render_bounded(COLOURED).text == "x = 1"
    assert helper_ids() == mine


def test_idle_helpers_end(no_helpers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper_pool, "IDLE_SECONDS", 0.05)
    render_bounded(COLOURED)
    for _ in range(200):
        if not helper_ids():
            break
        time.sleep(0.05)
    assert helper_ids() == []


def test_a_helper_knows_neither_django_nor_secrets(no_helpers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    render_bounded(COLOURED)
    [pid] = helper_ids()
    with open(f"/proc/{pid}/environ", "rb") as environ, open(f"/proc/{pid}/maps") as maps:
        assert b"SECRET" not in environ.read()
        libraries = maps.read()
    assert "psycopg" not in libraries and "hiredis" not in libraries


def test_a_helper_renders_as_this_process_does() -> None:
    resolver = Resolver(
        {42: ("bob", "Bob", "/p/42/")}, {12: ("Why?", "/q/why/")}, {"a.png": ("/media/uploads/a.png", 3, 4)}
    )
    body = f"@{{42}} #12 ![x](a.png) \ud83d {COLOURED}\n\n{COLOURED}"
    assert not is_cheap(body)
    assert render_bounded(body, resolve=resolver) == render(body, resolve=resolver)
    assert render_bounded(body) == render(body)


def test_imported_html_is_bounded_too() -> None:
    assert sanitize_bounded("<p onclick=x>a") == "<p>a</p>"
    with pytest.raises(BodyRefused):
        sanitize_bounded("<b><i><a href='/x'>" * 100_000, deadline=0.05)


def test_a_body_over_the_limit_is_refused_at_once(no_helpers: None) -> None:
    with pytest.raises(BodyRefused, match="Shorten your text to 30,000"):
        render_bounded(ENDLESS)
    assert helper_ids() == []


@pytest.mark.parametrize("body", ["x" * 3_001, "a\n" * 201, "[" * 201, COLOURED, "~~~ {.python}\nx\n~~~"])
def test_what_is_not_proven_cheap_goes_to_a_helper(body: str) -> None:
    assert not is_cheap(body)


@pytest.mark.parametrize("depth", [50, 5_000])
def test_deep_nesting_is_flattened(depth: int) -> None:
    for unit in ("> ", "- ", "1. ", "*a ", "[", "**_", "<details>\n", "<sub>"):
        rendered = render((unit * depth)[:29_990] + "x")
        assert (
            rendered.html.count("<blockquote") + rendered.html.count("<ul") + rendered.html.count("<ol") <= 11
        )
        assert rendered.text.endswith("x")


def test_a_table_cannot_multiply() -> None:
    body = "|a" * 41 + "\n" + "|-" * 41 + "\n" + "|\n" * 500
    assert "<table" not in render(body).html
    body = "|a" * 40 + "\n" + "|-" * 40 + "\n" + "|\n" * 5_000
    assert render(body).html.count("<td") <= 4_000
