"""Hostile text and HTML: nothing live comes out, and people's words stay."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.lib.markdown import Resolver, decode_references, encode_references, render, sanitize
from tests.lib.corpora import live_markup, needs_data, read

XSS = read("xss.jsonl")
RESOLVER = Resolver(
    mentions={42: ("bob", 'B<"o>b & co', "/p/42/")},
    threads={12: ('S"<b>&amp;', "/q/s/")},
    uploads={"a.png": ("/media/uploads/a.png", 1, 2)},
)

# Pieces that mean something to Markdown, to HTML or to our own placeholders, thrown together.
PIECES = [
    *"[ ] ( ) ![ ]( * ** _ __ ~~ ` `` ``` ~~~ > - 1. 1) # ## | |-|-| --- === < </ <details> </details> <sub> </sub> <br>".split(),
    *"<summary> </summary> &amp; &#x6a; &lt; & \\ http://a.b/c www.x.y javascript: data:text/html, @{42} @{43} @bob #12".split(),
    *'#13 :tada: word [a] " \' <script> onclick= /media/uploads/a.png a.png <http://q> <m@x.y> [x] style= "> </abbr>'.split(),
    *(
        "[a]: http://x",
        "<img src=x onerror=alert(1)>",
        '<abbr title="',
        "\n",
        "\n\n",
        " ",
        "    ",
        "\t",
        "\r",
        "\u2028",
        "\u202e",
    ),
    *("\x00", "\x02", "\x03", "\x02klzzwxh:0000\x03", "\x02wzxhzdk:0\x03", "😀"),
]
SHAPES = ("@", "[x](@)", "![x](@)", "<@>", "[x]: @\n\n[x]", "> - @", "| @ |\n|---|")
EMPHASIS = "*a* **b** *c d* **e f** _g_ _h i_ ~~j~~ ~~k l~~ m ***r*** ***s t*** `o` n_n 2*2 [p] ( )".split()
scraps = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200)
thorough = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@needs_data
@pytest.mark.parametrize("start", range(0, 955, 100))
def test_no_payload_is_live_after_rendering(start: int) -> None:
    for case in XSS[start : start + 100]:
        payload = case["payload"]
        for shape in SHAPES:
            body = shape.replace("@", payload)
            assert live_markup(render(body).html) == [], (case["id"], body)


@needs_data
@pytest.mark.parametrize("start", range(0, 955, 100))
def test_no_payload_is_live_after_sanitizing(start: int) -> None:
    for case in XSS[start : start + 100]:
        for html in (case["payload"], f'<a href="{case["payload"]}">x</a>', f'<img src="{case["payload"]}">'):
            clean = sanitize(html)
            assert live_markup(clean) == [], case["id"]
            assert sanitize(clean) == clean, case["id"]


@needs_data
def test_no_payload_is_live_in_names_and_subjects() -> None:
    for case in XSS:
        payload = case["payload"]
        resolver = Resolver(mentions={1: (payload, payload, "/p/1/")}, threads={2: (payload, "/q/")})
        assert live_markup(render("@{1} #2", resolve=resolver).html) == [], case["id"]


@needs_data
def test_hostile_addresses_are_dead_or_plain() -> None:
    for case in read("urls.jsonl"):
        url = case["url"]
        for body in (
            url,
            f"<{url}>",
            f"[x]({url})",
            f"[x](<{url}>)",
            f"[x]: {url}\n\n[x] [y][x]",
            f"![x]({url})",
        ):
            assert live_markup(render(body).html) == [], case["id"]
        assert live_markup(sanitize(f'<a href="{url}">x</a>')) == [], case["id"]


@needs_data
def test_naughty_strings_come_out_whole() -> None:
    for string in read("blns.json"):
        rendered = render(string)
        assert live_markup(rendered.html) == []
        json.dumps(rendered.html).encode()
        assert "\x00" not in rendered.html


@thorough
@given(scraps)
def test_whatever_is_written_is_safe_and_stable(body: str) -> None:
    rendered = render(body, resolve=RESOLVER)
    assert live_markup(rendered.html) == []
    assert sanitize(rendered.html, image_urls=["/media/uploads/a.png"]) == rendered.html
    assert "\x02" not in rendered.html and "\x03" not in rendered.html


@thorough
@given(scraps)
def test_whatever_is_imported_is_safe_and_stable(html: str) -> None:
    clean = sanitize(html)
    assert live_markup(clean) == []
    assert sanitize(clean) == clean


@thorough
@given(
    st.lists(
        st.sampled_from(EMPHASIS),
        max_size=14,
    )
)
def test_no_word_is_lost_to_emphasis(words: list[str]) -> None:
    body = " ".join(words)
    assert [char for char in render(body).text if char.isalnum()] == [char for char in body if char.isalnum()]


@thorough
@given(scraps)
def test_references_survive_storing_and_editing(body: str) -> None:
    stored = encode_references(body, {"bob": 42})
    assert encode_references(stored, {"bob": 42}) == stored
    if "@{" not in body:
        assert encode_references(decode_references(stored, {42: "bob"}), {"bob": 42}) == stored
        assert "@{42}" not in render(stored, resolve=RESOLVER).html
