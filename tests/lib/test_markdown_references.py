"""People and threads named in a text: stored by id, shown by today's name."""

from __future__ import annotations

import pytest

from community.lib.markdown import (
    Resolver,
    decode_references,
    encode_references,
    find_handles,
    find_reference_ids,
    find_upload_names,
    render,
)

HANDLES = {"bob": 42, "ann-lee": 7, "ann": 8}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Thanks @bob!", "Thanks @{42}!"),
        ("@Bob, @BOB.", "@{42}, @{42}."),
        ("(@ann-lee) @ann's _@bob_", "(@{7}) @{8}'s _@{42}_"),
        ("@bobby @bo @bob_ @ann-", "@bobby @bo @{42}_ @{8}-"),
        ("me@bob.org @bob/core @bob@host x@bob", "me@bob.org @bob/core @bob@host x@bob"),
        ("https://x.org/@bob [t](/u/@bob) <@bob>", "https://x.org/@bob [t](/u/@bob) <@bob>"),
        ("`@bob` and ``a ` @bob`` but @bob", "`@bob` and ``a ` @bob`` but @{42}"),
        ("```\n@bob\n```\n@bob", "```\n@bob\n```\n@{42}"),
        ("    @bob\n\n@bob", "    @bob\n\n@{42}"),
        ("- a\n\n      @bob\n\n  @bob", "- a\n\n      @bob\n\n  @{42}"),
        ("> ```\n> @bob\n> ```\n> @bob", "> ```\n> @bob\n> ```\n> @{42}"),
        ("| @bob | x |\n|---|---|\n| @ann | `@bob` |", "| @{42} | x |\n|---|---|\n| @{8} | `@bob` |"),
        ("# @bob\n1. @bob\n   @bob", "# @{42}\n1. @{42}\n   @{42}"),
        ("\\@bob @nobody", "\\@bob @nobody"),
    ],
)
def test_handles_become_ids_and_come_back(typed: str, stored: str) -> None:
    assert encode_references(typed, HANDLES) == stored
    assert decode_references(stored, {42: "bob", 7: "ann-lee", 8: "ann"}).lower() == typed.lower()


def test_an_editor_shows_the_handle_of_today() -> None:
    assert decode_references("@{42} `@{42}` @{9}", {42: "bobby"}) == "@bobby `@{42}` @{9}"


def test_only_handles_that_could_be_mentions_are_looked_up() -> None:
    assert find_handles("@Bob me@x.org `@code` @ann-lee, https://x/@url @" + "x" * 41) == {"bob", "ann-lee"}


def test_ids_are_found_outside_code() -> None:
    assert find_reference_ids("@{42} `@{1}` #12 `#13` C#14 #15x &#16; x/#17\n#18 #" + "9" * 19) == (
        {42},
        {12, 18},
    )


def test_a_body_can_name_only_so_many() -> None:
    many = " ".join(f"@user{number} @{{{number}}} #{number} ![x](a{number}.png)" for number in range(200))
    assert len(find_handles(many)) == 50
    assert [len(ids) for ids in find_reference_ids(many)] == [50, 50]
    assert len(find_upload_names(many)) == 50


def test_upload_names_are_found_however_they_are_written() -> None:
    body = "![x](-a_B.png) ![y](/media/uploads/b.webp) ![z][1] [w](https://x.org/media/uploads/d.gif) ![q](evil.svg)\n\n[1]: c.avif"
    assert find_upload_names(body) == {"-a_B.png", "b.webp", "c.avif", "d.gif"}


def test_a_hash_is_a_thread_only_if_it_exists() -> None:
    resolver = Resolver(threads={12: ("Why?", "/questions/why/")})
    assert render("#12, #13 and #12x", resolve=resolver).thread_ids == (12,)
    assert ">#12</a>, #13 and #12x" in render("#12, #13 and #12x", resolve=resolver).html


def test_line_ends_of_every_kind_are_one_kind() -> None:
    assert encode_references("a\r\n@bob\r@bob", HANDLES) == "a\n@{42}\n@{42}"
