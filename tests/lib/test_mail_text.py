"""What a person wrote in a mail, cut out of what their program put around it."""

from __future__ import annotations

import pytest

from community.lib.htmltext import text_of_html
from community.lib.mailtext import unflow, written_text

MARKER = "Write above this line and your reply is posted in the thread."
GMAIL = f"""Check the filter.

It was mine too.

On Sat, Nov 21, 2026 at 9:00 AM Hearth <reply+abc@example.com>
wrote:

> {MARKER}
>
> Alice Example asked: it has no rows
"""
OUTLOOK = f"""Check the filter.

It was mine too.

________________________________
From: Hearth <reply+abc@example.com>
Sent: Saturday, 21 November 2026 09:00
To: bob@example.com
Subject: Re: Why is the export empty?

{MARKER}

Alice Example asked
"""
HEADERS_ONLY = """Check the filter.

It was mine too.

From: Hearth <reply+abc@example.com>
Sent: Saturday, 21 November 2026 09:00
To: bob@example.com

Alice Example asked
"""
GERMAN = """Check the filter.

It was mine too.

Am 21.11.2026 um 09:00 schrieb Hearth <reply+abc@example.com>:
> Alice Example asked
"""
FRENCH = """Check the filter.

It was mine too.

Le sam. 21 nov. 2026 à 09:00, Hearth <reply+abc@example.com> a écrit :

> Alice Example asked
"""
SIGNED = "Check the filter.\n\nIt was mine too.\n\n-- \nBob Example\nExample Ltd, +44 20 7946 0000\n"
PHONE = """Check the filter.

It was mine too.

Sent from my iPhone

> On 21 Nov 2026, at 09:00, Hearth <reply+abc@example.com> wrote:
>
> Alice Example asked
"""  # fmt: skip


@pytest.mark.parametrize("mail", [GMAIL, OUTLOOK, HEADERS_ONLY, GERMAN, FRENCH, SIGNED, PHONE], ids=str.split)
def test_the_quoted_mail_and_the_signature_are_cut(mail):
    assert written_text(mail, marker=MARKER) == "Check the filter.\n\nIt was mine too."


@pytest.mark.parametrize(
    "quoted",
    [
        "On Sat, Jonas wrote:\n> Why is it so?", "On Sat, J wrote:\n\n> Why?", "Jonas wrote:\n> Why is it so?",
        "On Sat, Jonas wrote\n> Why is it so?", "On Sat, Jonas wrote:\n> Why is it so?\n\n-- \nBob",
        "On Sat, Jonas wrote:\n> Why is it so?\n\nSent from my iPhone", "  On Sat, Jonas wrote:\n  > Why is it so?",
        "On Sat, Jonas wrote:\nWrite above this line\nWhy is it so?",
        "On Sat, Jonas wrote:\n> Write above this\nline and your reply\n> Why is it so?",
    ],
)  # fmt: skip
def test_short_attributions_and_cut_markers_are_found(quoted):
    assert written_text(f"Check the filter.\n\n{quoted}\n\n", marker=MARKER) == "Check the filter."


@pytest.mark.parametrize(
    "mail",
    [
        "What Jonas wrote:\nuse the filter",
        "On Sat, Jonas wrote:\n| use it",
        "Write above this line in the file.",
        "Jonas wrote:\n> Why?\n\nBecause of the filter.",
    ],
)
def test_own_words_that_look_like_an_attribution_stay(mail):
    assert written_text(mail, marker=MARKER) == mail


def test_a_quotation_between_own_lines_stays():
    mail = "> it has no rows\n\nThen check the filter.\n\n> and no columns\n\nThat is odd."
    assert written_text(mail, marker=MARKER) == mail


def test_what_is_written_below_the_quotation_is_found():
    mail = f"On Saturday 21 November 2026 Hearth wrote:\n> {MARKER}\n>\n> Alice asked\n\nCheck the filter.\n\n-- \nBob"
    assert written_text(mail, marker=MARKER) == "Check the filter."


def test_code_is_left_alone():
    mail = "Try this:\n\n```sql\nselect 1\n-- \n> 2;\nFrom: x\nTo: y\n```\n\nIt works."
    assert written_text(mail, marker=MARKER) == mail


def test_a_sentence_about_what_somebody_wrote_is_not_a_quotation():
    mail = "On the page about exports somebody wrote:\n\nuse the filter\n\nand that helped."
    assert written_text(mail, marker=MARKER) == mail


def test_only_a_quotation_leaves_nothing():
    assert written_text(f"\n\n> {MARKER}\n> Alice asked\n", marker=MARKER) == ""
    assert written_text("", marker=MARKER) == ""


def test_soft_line_breaks_are_joined():
    assert (
        unflow("This is one \nlong line.\n\n -- not a signature\n-- \nBob")
        == "This is one long line.\n\n-- not a signature\n-- \nBob"
    )


def test_html_becomes_words_and_its_quotations_are_cut():
    html = (
        "<html><head><style>p{color:red}</style></head><body><p>Check the <b>filter</b>.</p><ul><li>one</li><li>two</li></ul>"
        "<div>On Sat, 21 Nov 2026 Hearth &lt;x@example.com&gt; wrote:</div><blockquote><p>Alice asked</p></blockquote>"
        "<script>alert(1)</script></body></html>"
    )
    text = text_of_html(html)
    assert "color:red" not in text
    assert "alert" not in text
    assert written_text(text, marker=MARKER) == "Check the filter.\n\n- one\n- two"


@pytest.mark.parametrize(
    "hostile",
    [
        "> " * 100_000,
        "On " * 70_000,
        "-- \n" * 50_000,
        "```\n" * 50_001,
        "From: x\n" * 40_000,
        "_" * 200_000,
        "<div>" * 40_000,
    ],
)
def test_hostile_mails_are_read_in_bounded_time(hostile):
    assert isinstance(written_text(hostile, marker=MARKER), str)
    assert isinstance(text_of_html(hostile), str)
