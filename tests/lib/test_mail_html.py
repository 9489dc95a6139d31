"""A post as the text of a mail: quotations and lists keep their shape."""

from __future__ import annotations

import pytest

from community.lib.mailhtml import mail_body
from community.lib.markdown import render

SAME = [
    "One.\n\nTwo.",
    "- one\n- two\n- three",
    "1. one\n2. two",
    "7. seven\n8. eight",
    "> 1. open it\n> 2. dry it",
    "> - open it\n> - dry it",
    "> One.\n>\n> Two.\n\nMine.",
    "> > deep\n>\n> less\n\nMine.",
    "- one\n  - inner\n  - more\n- two",
    "1. one\n   - inner\n2. two",
    "> Before\n>\n> 1. open it\n> 2. dry it\n>\n> After\n\nMine.",
    "> - one\n>   1. inner\n>   2. more",
    "One.\n\n---\n\nTwo.",
]


def text_of(markdown, **options):
    return mail_body(render(markdown).html, site_url="https://forum.example", **options).text


@pytest.mark.parametrize("source", SAME)
def test_quotations_and_lists_look_as_they_were_written(source):
    assert text_of(source) == source


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("- one\n\n- two", "- one\n\n- two"),
        ("- > quoted\n- not", "- > quoted\n\n- not"),
        ("> ```\n> a\n>   b\n>\n> c\n> ```", "> a\n>   b\n>\n> c"),
        ("> one\\\n> two", "> one\n> two"),
        ("1. one\n\n   more\n\n2. two", "1. one\n\n   more\n\n2. two"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b\n1 2"),
        ("> [x](https://a.example/)", "> x (https://a.example/)"),
        ("- [ ] open\n- [x] done", "- ☐ open\n- ☑ done"),
    ],
)
def test_other_shapes(source, text):
    assert text_of(source) == text


def test_a_cut_body_ends_in_its_quotation():
    body = mail_body(
        "<blockquote><ol><li>open it</li><li>dry it</li></ol></blockquote><p>After</p>", site_url="", limit=10
    )
    assert (body.text, body.cut) == ("> 1. open it\n> 2. dry…", True)


@pytest.mark.parametrize(
    "html", ["<li>x", "</li></ol>x", "<ol start='-3'><li>x", "<ol start='99999999999999'><li>x", "<td>x"]
)
def test_html_that_is_not_whole_is_written_all_the_same(html):
    assert mail_body(html, site_url="").text.endswith("x")
