"""How near we are to CommonMark and GitHub, and to what real people wrote."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser

from community.lib.markdown import render, sanitize
from tests.lib.corpora import DATA, live_markup, needs_data, read

SPEC = [case for case in read("commonmark_spec.json") if case["suite"] == "commonmark-0.31.2"]
# Where docs/markdown.md says that we differ, so that no share is asked for: raw HTML, relative links, foreign pictures.
BY_POLICY = {
    "HTML blocks",
    "Raw HTML",
    "Links",
    "Images",
    "Autolinks",
    "Link reference definitions",
    "Disallowed Raw HTML (extension)",
}
# Examples elsewhere in the specification that come out otherwise.
DIFFERENT = {
    **dict.fromkeys((21, 31, 346, 348, 477, 478, 479, 643, 644, 645, 646), "HTML tags are shown as typed"),
    **dict.fromkeys((310, 311), "HTML comments are shown as typed"),
    **dict.fromkeys((81, 82, 95), "only one line above --- or === is a heading"),
    83: "an underline has three marks at least",
    79: "a heading without words is shown as typed",
    **dict.fromkeys((20, 32, 33), "addresses are not percent-encoded"),
    **dict.fromkeys((22, 23), "a definition's title keeps its entities and escapes"),
    28: "an entity for no character",
    302: "a paragraph under a heading in a tight list keeps its <p>",
    319: "a blank line before a definition does not make a list loose",
    **dict.fromkeys((337, 339), "spaces before a line break are dropped, in code too"),
}


def _shape(html: str) -> str:
    html = re.sub(r' (dir|tabindex|aria-label|rel|loading|decoding|align|style|role)="[^"]*"', "", html)
    html = re.sub(r' class="(?:language|table|cell|hl)-[^"]*"', "", html)
    html = re.sub(r"<div>(<table>.*?</table>)</div>", r"\1", html, flags=re.DOTALL)
    html = re.sub(r"<br ?/?>\n?", "\n", re.sub(r"</?span>", "", html))
    body = LexborHTMLParser(html).body
    html = re.sub(r"\s*(<[^>]*>)\s*", r"\1", (body.html if body else "") or "")
    return re.sub(r"<(/?)h[1-6]>", r"<\1h>", html)


def _agrees(case: dict[str, str]) -> bool:
    return _shape(render(case["markdown"]).html) == _shape(case["html"])


@needs_data
@pytest.mark.parametrize("section", sorted({case["section"] for case in SPEC} - BY_POLICY))
def test_commonmark_examples_render_as_the_specification_says(section: str) -> None:
    cases = [case for case in SPEC if case["section"] == section]
    wrong = {case["example"] for case in cases if not _agrees(case)}
    assert wrong == {case["example"] for case in cases} & set(DIFFERENT)


@needs_data
def test_every_example_of_every_suite_renders_safely() -> None:
    for case in read("commonmark_spec.json"):
        assert live_markup(render(case["markdown"]).html) == []


def posts() -> Iterator[str]:
    for _, row in ET.iterparse(DATA / "se-ai-2016" / "PostHistory.xml"):
        if row.get("PostHistoryTypeId") in ("2", "5", "8") and row.get("Text"):
            yield row.get("Text", "")
        row.clear()


@needs_data
def test_real_posts_are_rendered_safely_and_keep_their_words() -> None:
    count = 0
    for body in posts():
        rendered = render(body)
        assert live_markup(rendered.html) == []
        assert sanitize(rendered.html) == rendered.html
        plain = body if not re.search(r"[\[\]<&:`|]|^ *[#>=-]|^ *\d", body, re.MULTILINE) else None
        if plain:
            assert re.sub(r"[\W_]", "", rendered.text) == re.sub(r"[\W_]", "", plain)
        count += 1
    assert count > 1_900
