"""Header injection, naughty strings and hostile Markdown in subjects, names and bodies: the mail is still one harmless mail."""

from __future__ import annotations

import email
import email.policy
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.mail import get_connection
from django.utils import timezone

from community.lib.markdown import render
from forums.bodies import clean_text
from forums.emails import compose_posts, compose_solutions
from forums.models import Post, Thread
from forums.notifications import MENTION, SOLUTION
from profiles.mail.emails import make_message, plain_emails
from profiles.models import Delivery, Profile
from profiles.notifications import EmailBatch
from tests.mail.conftest import html_of, text_of

STRINGS = Path(__file__).resolve().parents[3] / "shared/data/corpora/blns.json"
HOSTILE = [
    "Hello\r\nBcc: victim@example.com",
    "Hello\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "=?utf-8?q?Bcc:_victim=40example.com?=",
    '"><img src=x onerror=alert(1)>',
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/track.gif)",
    '<a href="https://evil.example" onclick="alert(1)">x</a>',
    "<style>body{display:none}</style>",
    '<iframe src="https://evil.example"></iframe>',
    "--\r\n.\r\nMAIL FROM:<x@example.com>",
    "\u202egnp.exe",
    "a" * 3000,
    "</title></head><body>",
    "{{ settings.SECRET_KEY }} {% debug %} %(site)s %s {0}",
    "bob@example.com <bob@example.com>, carol@example.com",
    "Z\u0351\u036f\u0343" * 60,
    "\u2028\u2029\x85\x0b\x0c",
]
HEADERS = {
    "content-type", "mime-version", "subject", "from", "to", "date", "message-id", "list-id", "auto-submitted", "reply-to",
    "x-auto-response-suppress", "precedence", "list-unsubscribe", "list-unsubscribe-post", "in-reply-to", "references",
}  # fmt: skip
LIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "img",
    "svg",
    "link",
    "base",
    "video",
    "audio",
    "frame",
}


class Reader(HTMLParser):
    """Finds what would be live in a mail program."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[object] = []

    def handle_starttag(self, tag, attrs):
        if tag in LIVE:
            self.live.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (
                name == "href" and not (value or "").startswith(("http://", "https://", "mailto:"))
            ):
                self.live.append((tag, name, value))


@pytest.fixture
def strings():
    """The hostile ones above, and the big list where it is at hand."""
    found = [*HOSTILE, *(json.loads(STRINGS.read_text()) if STRINGS.exists() else [])]
    return [cleaned for one in found if (cleaned := clean_text(one))]


@pytest.fixture
def batches(alice, bob, topic, strings):
    """A mail to alice about a post of each: the string is its author's name, its thread's subject and its text."""
    Delivery.objects.all().delete()
    made, now = [], timezone.now()
    for number, text in enumerate(strings):
        name = " ".join(text.split())[:160]
        author = Profile.objects.create(name=name, handle=f"odd-{number}")
        thread = Thread.objects.create(topic=topic, author=alice, subject=text[:200], slug=f"odd-{number}")
        rendered = render(text)
        post = Post.objects.create(thread=thread, number=2, author=author, body=text, body_html=rendered.html)
        Thread.objects.filter(pk=thread.pk).update(solution=post)
        for kind in (MENTION, SOLUTION, "decision"):
            row = Delivery(profile=alice, kind=kind, source_key=f"post:{post.pk}", title=text[:300], url="/questions/x/", actor=author,
                           facts={"post": post.pk, "thread": thread.pk}, next_attempt_at=now)  # fmt: skip
            made.append(row)
    Delivery.objects.bulk_create(made)
    return [EmailBatch(row, [row], alice) for row in Delivery.objects.select_related("actor")]


def test_whatever_people_write_stays_text(batches, settings):
    from profiles.notifications import Kind, add_kind

    add_kind(Kind("decision", "Decisions"))
    by_kind = {
        kind: [one for one in batches if one.lead.kind == kind] for kind in (MENTION, SOLUTION, "decision")
    }
    letters = {
        **compose_posts(by_kind[MENTION]),
        **compose_solutions(by_kind[SOLUTION]),
        **plain_emails(by_kind["decision"]),
    }
    assert len(letters) == len(batches)
    for batch in batches:
        message = make_message(batch, letters[batch.lead.pk], "alice@example.com", get_connection())
        raw = message.message().as_bytes()
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert {name.lower() for name in mail} <= HEADERS
        assert len(mail.get_all("To")) == len(mail.get_all("Subject")) == len(mail.get_all("From")) == 1
        assert mail["To"].addresses[0].addr_spec == "alice@example.com"
        assert len(mail["To"].addresses) == len(mail["From"].addresses) == 1
        assert mail["From"].addresses[0].domain == "localhost.localdomain"
        assert message.recipients() == ["alice@example.com"]
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert text_of(mail)
        reader = Reader()
        reader.feed(html_of(mail))
        assert reader.live == [], batch.lead.title


def test_a_mail_carries_nobody_elses_address(smtp, alice, bob, charlie, thread):
    from forums.actions.posts import post_reply
    from profiles.mail.deliveries import send_due

    post_reply(charlie, thread, body="As @bob-example says.")
    post_reply(bob, thread, body="I agree with @charlie-example.")
    send_due()
    for (recipient,), _mail in smtp.mails:
        raw = b"".join(
            raw for raw, mail in zip(smtp.raw, smtp.mails, strict=True) if mail[0] == [recipient]
        ).decode()
        others = {"alice@example.com", "bob@example.com", "charlie@example.com"} - {recipient}
        assert not [other for other in others if other in raw]
