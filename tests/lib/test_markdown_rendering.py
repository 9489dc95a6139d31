"""What people type and what readers see."""

from __future__ import annotations

import pytest

from community.lib.markdown import (
    RENDERER_VERSION,
    BodyRefused,
    Resolver,
    excerpt,
    plain_text,
    render,
    sanitize,
)

RESOLVER = Resolver(
    mentions={42: ("bob", "Bob Builder", "/community/profiles/42/")},
    threads={12: ("Why <b>?", "/questions/why/")},
    uploads={"a-b_c.png": ("/media/uploads/a-b_c.png", 640, 480)},
)


def html(body: str) -> str:
    """The HTML of `body`, without the attributes that every block has."""
    return (
        render(body, resolve=RESOLVER)
        .html.replace(' dir="auto"', "")
        .replace(' rel="nofollow ugc noopener noreferrer"', "")
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("vector<int> x; a < b && c > d", "<p>vector&lt;int&gt; x; a &lt; b &amp;&amp; c &gt; d</p>"),
        ("List<String> and <p>, <a href='x'>", "<p>List&lt;String&gt; and &lt;p&gt;, &lt;a href='x'&gt;</p>"),
        ("<!-- note -->", "<p>&lt;!-- note --&gt;</p>"),
        ("H<sub>2</sub>O<br>x<sup>2</sup>", "<p>H<sub>2</sub>O<br>x<sup>2</sup></p>"),
        ("press <kbd>Ctrl", "<p>press &lt;kbd&gt;Ctrl</p>"),
        ('<abbr title="Application">App</abbr>', '<p><abbr title="Application">App</abbr></p>'),
        ("one\ntwo", "<p>one<br>two</p>"),
        (
            "snake_case_name and _act_ or __init__",
            "<p>snake_case_name and <em>act</em> or <strong>init</strong></p>",
        ),
        ("re_act_or", "<p>re_act_or</p>"),
        ("*c **b** i_ **b**", "<p>*c <strong>b</strong> i_ <strong>b</strong></p>"),
        ("~~gone~~ and ~kept~", "<p><del>gone</del> and ~kept~</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        (":tada: at 10:30:45 :nonsense:", "<p>🎉 at 10:30:45 :nonsense:</p>"),
        ("`a\\` and ``b`c``", "<p><code>a\\</code> and <code>b`c</code></p>"),
        ("\\*plain\\* \\&copy;", "<p>*plain* &amp;copy;</p>"),
        ("&copy; &lt;b&gt;", "<p>&copy; &lt;b&gt;</p>"),
        ("# Title\n\n### Deeper\n## Next", "<h3>Title</h3><h4>Deeper</h4><h4>Next</h4>"),
        ("#123 is no heading", "<p>#123 is no heading</p>"),
        ("Regards\n--\nBob", "<p>Regards<br>--<br>Bob</p>"),
        (
            "Steps:\n- one\n  - nested\n- two",
            "<p>Steps:</p><ul><li>one<ul><li>nested</li></ul></li><li>two</li></ul>",
        ),
        ("1) one\n2) two", "<ol><li>one</li><li>two</li></ol>"),
        ("7. seven", '<ol start="7"><li>seven</li></ol>'),
        ("in\n1984. a year", "<p>in<br>1984. a year</p>"),
        ("> quoted\nlazily\n\nmine", "<blockquote><p>quoted<br>lazily</p></blockquote><p>mine</p>"),
        ("a\n\n---\nb", "<p>a</p><hr><p>b</p>"),
    ],
)
def test_text_is_shown_as_it_is_meant(typed: str, shown: str) -> None:
    assert html(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "[docs](https://x.org/a_(b)?c=1&copy=2)",
            '<p><a href="https://x.org/a_(b)?c=1&amp;copy=2">docs</a></p>',
        ),
        ("see https://x.org/a_b_c.", '<p>see <a href="https://x.org/a_b_c">https://x.org/a_b_c</a>.</p>'),
        ("(www.x.org)", '<p>(<a href="https://www.x.org">www.x.org</a>)</p>'),
        ("<me@x.org>", '<p><a href="mailto:me@x.org">me@x.org</a></p>'),
        ("[a][1]\n\n[1]: https://x.org 'T'", '<p><a title="T" href="https://x.org">a</a></p>'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](other.md) [y](#part)", "<p>[x](other.md) [y](#part)</p>"),
        ("[x](//evil.org)", "<p>[x](//evil.org)</p>"),
        ("[x](https://bank.example@evil.org)", "<p>[x](https://bank.example@evil.org)</p>"),
        ("[](https://x.org)", '<p><a href="https://x.org">https://x.org</a></p>'),
        ("https://gооgle.com", '<p><a href="https://xn--ggle-55da.com">https://xn--ggle-55da.com</a></p>'),
        ("`https://x.org`", "<p><code>https://x.org</code></p>"),
    ],
)
def test_links_go_where_they_seem_to(typed: str, shown: str) -> None:
    assert html(typed) == shown


def test_member_links_pass_no_rank_on() -> None:
    assert 'rel="nofollow ugc noopener noreferrer"' in render("https://x.org").html


@pytest.mark.parametrize(
    "src", ["a-b_c.png", "/media/uploads/a-b_c.png", "https://here.org/media/uploads/a-b_c.png"]
)
def test_our_uploads_are_pictures_with_their_size(src: str) -> None:
    rendered = render(f"![a *cat*]({src})", resolve=RESOLVER)
    assert (
        'alt="a *cat*" height="480" src="/media/uploads/a-b_c.png" width="640" loading="lazy" decoding="async"'
        in rendered.html
    )
    assert rendered.upload_names == ("a-b_c.png",)


def test_uploads_on_another_host_are_pictures_too() -> None:
    files = "https://files.example.org/uploads/x.png"
    assert f'src="{files}"' in render("![x](x.png)", resolve=Resolver(uploads={"x.png": (files, 1, 1)})).html


def test_pictures_from_elsewhere_are_links() -> None:
    assert html("![cat](https://x.org/cat.png)") == '<p><a href="https://x.org/cat.png">cat</a></p>'
    assert (
        html("![none](/media/uploads/unknown.png)") == '<p><a href="/media/uploads/unknown.png">none</a></p>'
    )


def test_a_picture_in_a_link_does_not_nest_links() -> None:
    assert (
        html("[![badge](https://x.org/b.svg)](https://x.org)")
        == '<p><a href="https://x.org"><span>badge</span></a></p>'
    )


def test_mentions_and_threads_become_links() -> None:
    rendered = render("@{42} and @{43}, see #12 and #13", resolve=RESOLVER)
    assert (
        '<a class="mention" title="Bob Builder" href="/community/profiles/42/">@bob</a> and @{43}'
        in rendered.html
    )
    assert (
        '<a class="reference" title="Why &lt;b&gt;?" href="/questions/why/">#12</a> and #13' in rendered.html
    )
    assert (rendered.mention_ids, rendered.thread_ids) == ((42,), (12,))


def test_a_mention_in_a_link_stays_text() -> None:
    rendered = render("[@{42}](https://x.org)", resolve=RESOLVER)
    assert ">@bob</a>" in rendered.html
    assert rendered.mention_ids == ()


def test_fenced_code_needs_no_blank_lines_and_is_coloured() -> None:
    assert html("see\n```python\ndef f(): return 'a<b'  # why\n```\nthen") == (
        '<p>see</p><pre aria-label="Code, Python" tabindex="0"><code><span class="hl-k">def</span> f(): '
        '<span class="hl-k">return</span> <span class="hl-s">\'a&lt;b\'</span>  '
        '<span class="hl-c"># why</span>\n</code></pre><p>then</p>'
    )


def test_code_keeps_its_tabs_and_markup() -> None:
    assert "<code>all:\n\tcc *x* &lt;b&gt; &amp;amp; @bob\n</code>" in html(
        "```\nall:\n\tcc *x* <b> &amp; @bob\n```"
    )


def test_an_unknown_language_is_plain_code() -> None:
    assert '<pre aria-label="Code" tabindex="0"><code>x\n</code></pre>' in html("```klingon\nx\n```")


def test_code_in_a_list_stays_in_its_item() -> None:
    assert html("1. one\n   ```\n   x\n   ```\n2. two").startswith("<ol><li>one<pre")
    assert html("1. one\n   ```\n   x\n   ```\n2. two").endswith("</pre></li><li>two</li></ol>")


def test_tables_scroll_and_align() -> None:
    assert html("text\n| a | b |\n|---|--:|\n| `x \\| y` | 2 |") == (
        '<p>text</p><div aria-label="Table" class="table-scroll" role="group" tabindex="0"><table><thead><tr><th>a</th>'
        '<th class="cell-end">b</th></tr></thead><tbody><tr><td><code>x | y</code></td><td class="cell-end">2</td>'
        "</tr></tbody></table></div>"
    )


def test_tasks_are_boxes_nobody_can_tick() -> None:
    assert html("- [x] done\n- [ ] open") == (
        '<ul class="tasks"><li class="task"><input aria-label="Done" checked disabled type="checkbox"> done</li>'
        '<li class="task"><input aria-label="To do" disabled type="checkbox"> open</li></ul>'
    )


def test_details_hold_markdown() -> None:
    assert html("<details><summary>Log</summary>\n\n*x*\n\n</details>\nafter") == (
        "<details><summary>Log</summary><p><em>x</em></p></details><p>after</p>"
    )
    assert html("<details>\nnever closed") == "<p>&lt;details&gt;<br>never closed</p>"


def test_every_block_finds_its_own_direction() -> None:
    rendered = render("שלום\n\n- hello\n\n```\nx\n```").html
    assert rendered.count('dir="auto"') == 3


def test_text_keeps_the_words_alone() -> None:
    rendered = render(
        "# Hi\n\nA **b** `c` &amp; ![alt](a-b_c.png)\n\n| x | y |\n|---|---|\n| 1 | 2 |", resolve=RESOLVER
    )
    assert rendered.text == "Hi\nA b c & alt\nx y\n1 2"
    assert rendered.version == RENDERER_VERSION


def test_plain_text_is_not_confused_by_signs_in_attributes() -> None:
    assert plain_text('<p><a href="/x" title="a > b">link</a> 1 &lt; 2</p>') == "link 1 < 2"


def test_an_excerpt_ends_at_a_word() -> None:
    assert excerpt("One two\nthree four", 13) == "One two…"
    assert excerpt("One two", 13) == "One two"
    assert len(excerpt("x" * 100, 20)) == 20


def test_a_long_body_is_refused_with_a_sentence() -> None:
    with pytest.raises(BodyRefused, match=r"to 30,000 characters \(now 30,001\)"):
        render("x" * 30_001)
    assert render("x" * 30_001, limit=None).text == "x" * 30_001


def test_invisible_characters_do_not_survive() -> None:
    assert render("a\x00b\x02klzzwxh:0000\x03\ud800\ufffe").text == "abklzzwxh:0000"


def test_imported_html_follows_the_same_rules() -> None:
    imported = (
        "<h1>T</h1><script>alert(1)</script><p style='color:red' onclick=x>a <b>b</b></p>"
        "<img src='https://x.org/i.png' alt='pic'>"
        "<a href='https://x.org'><img src='https://x.org/i.png' alt='in'></a><img src='/media/uploads/y.png'><ul><li>one"
    )
    assert sanitize(imported).replace(' rel="nofollow ugc noopener noreferrer"', "") == (
        '<h3>T</h3><p>a <b>b</b></p><a href="https://x.org/i.png">pic</a><a href="https://x.org">in</a>'
        '<img src="/media/uploads/y.png" alt="" loading="lazy" decoding="async"><ul><li>one</li></ul>'
    )


def test_imported_emoji_pictures_become_emoji_and_code_can_be_scrolled_by_keyboard() -> None:
    assert (
        sanitize(
            '<p><img class="emoji" src="//x.org/e/tada.png" alt=":tada:"> <img src="/e.png" alt=":own:"></p>'
        )
        == "<p>🎉 :own:</p>"
    )
    assert sanitize("<pre><code class='lang-c'>x</code></pre>") == (
        '<pre tabindex="0" dir="auto" aria-label="Code"><code>x</code></pre>'
    )
