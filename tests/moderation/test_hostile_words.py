"""What moderators and reporters write is as hostile as any: it is shown, and never acts, on pages and in mails."""

from __future__ import annotations

from collections import Counter

import pytest
from selectolax.lexbor import LexborHTMLParser

from community.lib.mail import html_of
from moderation import emails
from moderation.actions.appeals import appeal
from moderation.actions.sanctions import NewSanction, sanction
from moderation.models import Appeal, Complaint, Report, Sanction
from tests.lib.corpora import needs_data, read

# Line breaks follow the text; everything else on a page is ours and stays as it is.
OF_THE_TEXT = {"br", "p"}
TOGETHER = 3500


def chunks():
    """The corpus in pieces that fit into one explanation."""
    piece = ""
    for one in read("xss.jsonl"):
        text = "".join(char for char in one["payload"] if char >= " ")[:TOGETHER]
        if len(piece) + len(text) > TOGETHER:
            yield piece
            piece = ""
        piece += f"{text}\n"
    yield piece


def shape(html):
    """How many elements of each kind, and every attribute that acts."""
    tree = LexborHTMLParser(html)
    tags = Counter(node.tag for node in tree.root.traverse() if node.tag not in OF_THE_TEXT)
    acting = [
        (node.tag, name, value)
        for node in tree.root.traverse()
        for name, value in (node.attributes or {}).items()
        if name.startswith("on")
        or name in ("style", "srcdoc")
        or (value or "").strip().lower().startswith("javascript:")
    ]
    return tags, acting


@needs_data
def test_no_word_of_moderation_acts_on_a_page(as_, mo, tess, root, bob, report, client):
    given = sanction(
        root, bob, NewSanction(kind="correction", rule="kind", explanation="Plain."), report=None
    )
    written = appeal(given, text="Plain.")
    report_row = Complaint.objects.get(report=report)
    pages = [
        (as_(mo), report.get_absolute_url()), (as_(tess), given.get_absolute_url()), (as_(tess), written.get_absolute_url()),
        (client, given.appeal_url), (as_(mo), "/moderation/reports/"),
    ]  # fmt: skip

    def look():
        return [shape(browser.get(path).content.decode()) for browser, path in pages]

    def say(words):
        Complaint.objects.filter(pk=report_row.pk).update(note=words)
        Report.objects.filter(pk=report.pk).update(excerpt=words, title=words.replace("\n", " ")[:200])
        Sanction.objects.filter(pk=given.pk).update(explanation=words)
        Appeal.objects.filter(pk=written.pk).update(text=words)

    say("Plain words.")
    plain = look()
    assert all(not acting for _tags, acting in plain)
    seen = 0
    for words in chunks():
        say(words)
        assert look() == plain
        seen += 1
    assert seen > 5


@needs_data
def test_no_word_of_moderation_acts_in_a_mail(mo, bob):
    given = sanction(mo, bob, NewSanction(kind="correction", rule="kind", explanation="Plain."))
    plain = None
    for words in ["Plain words.", *chunks()]:
        given.explanation = words
        letter = emails.to_sanctioned(given)
        html = html_of(
            letter.text,
            title=letter.subject,
            context={"SITE_NAME": "Hearth", "SITE_URL": "https://hearth.example"},
        )
        tags, acting = shape(html)
        tags.pop("a", None)  # addresses in plain text become links
        assert [one for one in acting if one[1] != "style"] == []
        plain = plain or tags
        assert tags == plain


@pytest.mark.parametrize("text", ["=1+1", "a\x00b", "\u202eevil", "\r\nBcc: x@y.example"])
def test_words_that_trick_machines_are_cleaned_or_harmless(mo, bob, text):
    given = sanction(mo, bob, NewSanction(kind="correction", rule="kind", explanation=f"Words {text}"))
    assert not {"\x00", "\u202e", "\r"} & set(given.explanation)
    assert "\n" not in emails.to_sanctioned(given).subject
