"""HTML that is let through as it stands is HTML that bleach would not have changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.lib.markdown_sanitize import clean, is_plain

PIECES = [
    "<p>", "</p>", "<em>", "</em>", "<strong>", "</strong>", "<code>", "</code>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>",
    "<blockquote>", "</blockquote>", "<br>", "<hr>", "&amp;", "&lt;", "&gt;", "&quot;", "&", "<", ">", "\n", "\r", "\x00", "\x0c", "\xa0",
    "\u202e", "\ufffe", "words", "'", '"', "<pre>", "</pre>", "<h1>", "</h1>", "<p >", "<P>", "<a>", "<script>", "<!--", "<p class=x>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_let_through_bleach_leaves_alone(html):
    if is_plain(html):
        assert clean(html) == html


@given(st.recursive(
    st.sampled_from(["a", " ", "\n", "&lt;b&gt;", "<br>"]),
    lambda inner: st.tuples(st.sampled_from(["p", "em", "strong", "code", "ul", "ol", "li", "blockquote"]), st.lists(inner, max_size=4)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
    max_leaves=12,
))  # fmt: skip
def test_whatever_is_nested_as_it_should_be_too(html):
    if is_plain(html):
        assert clean(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<p>One.</p>\n<p>Two, <em>three</em> &amp; <code>x &lt; y</code>.<br>\nFour.</p>",
        "<ul>\n<li>One</li>\n<li><p>Two</p><ol><li>a</li></ol></li>\n</ul>\n<blockquote>\n<p>Said.</p>\n</blockquote>\n<hr>",
        "Only words.",
        "",
    ],
)
def test_ordinary_texts_are_let_through(html):
    assert is_plain(html)


@pytest.mark.parametrize(
    "html",
    ["<p><p>x</p></p>", "<p>x", "x</p>", "<em><em>x</em></em>", "<script>x</script>", "<p onclick=x>y</p>", "a & b", "a > b", "<p>\r</p>",
     "<pre>\nx</pre>", "<h1>x</h1>", "<li>x</li>", "<p><ul></ul></p>", "<a>x</a>", "&nbsp;", "<P>x</P>", "<p/>"],
)  # fmt: skip
def test_anything_else_goes_to_bleach(html):
    assert not is_plain(html)
