"""Mail from somebody who means harm: stolen addresses, other people's names, loops, bombs, and text that breaks programs."""

from __future__ import annotations

import time
from email.message import EmailMessage
from io import BytesIO

import pytest
from django.conf import settings as site
from django.core import mail as outbox
from django.core.files.storage import default_storage
from PIL import Image

from community.lib import incoming
from community.lib.incoming import read_mail
from forums.actions import received_mail
from forums.actions.mail_answers import KEPT_FOR
from forums.actions.received_mail import POSTED_PER_HOUR, receive_mail
from forums.models import Post, ReceivedMail, Upload
from forums.reply_address import hide_tokens, reply_address
from forums.tasks import sweep_mail_answers
from profiles.mail.unsubscribe import unsubscribe_url


@pytest.fixture
def send(bob, thread):
    """Bring a mail as raw bytes; lines of its head can be replaced or added.

    Bob's address for replies unless told.
    """

    def send(body="Check the filter.", *, sender="bob@example.com", to=None, number=1, **head):
        lines = {
            "From": sender,
            "To": to or reply_address(bob.pk, thread.pk),
            "Subject": "Re: Why?",
            "Message-ID": f"<{number}@x>",
        }
        lines |= {name.replace("_", "-"): value for name, value in head.items()}
        top = "\r\n".join(f"{name}: {value}" for name, value in lines.items() if value is not None)
        raw = f"{top}\r\n\r\n".encode("utf-8", "surrogateescape") + (
            body if isinstance(body, bytes) else body.encode()
        )
        row = receive_mail(read_mail(raw))
        sweep_mail_answers()
        return row

    return send


def by_bob(thread):
    return [post.body for post in thread.posts.filter(author__handle="bob-example")]


@pytest.mark.parametrize(
    "sender",
    [
        "eve@evil.example", '"bob@example.com" <eve@evil.example>', "bob@example.com, eve@evil.example", "eve@evil.example (bob@example.com)",
        "Bob <bob@example.com> <eve@evil.example>", "=?utf-8?q?bob=40example=2Ecom?= <eve@evil.example>", "bob@example.com@evil.example",
        "group: bob@example.com, eve@evil.example;", "bob@example.com\x00@evil.example", "bob+x@example.com", "bob@example.com.evil.example",
        "\r\nFrom: bob@example.com", '"bob@example.com', "(bob@example.com", "<eve@evil.example> bob@example.com",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_stolen_address_is_worth_nothing_under_another_name(sender, thread, send):
    row = send(sender=sender)
    assert by_bob(thread) == []
    assert row.post is None


def test_two_senders_are_nobody(thread, send):
    row = send(From="eve@evil.example\r\nFrom: bob@example.com")
    assert (row.outcome, by_bob(thread)) == ("ignored", [])


def test_a_sender_the_receiving_server_does_not_believe_is_nobody(thread, send):
    row = send(
        Authentication_Results="mx.example.com; spf=softfail; dmarc=fail (p=none) header.from=example.com"
    )
    assert (row.outcome, row.reason, by_bob(thread), outbox.outbox) == (
        "ignored",
        "Authentication-Results",
        [],
        [],
    )
    assert send(Authentication_Results="mx.example.com; dmarc=pass", number=2).outcome == "posted"


def test_only_proven_senders_post_where_that_is_required(thread, send, settings):
    settings.REPLY_REQUIRE_DMARC_PASS = True
    assert (send().outcome, by_bob(thread), outbox.outbox) == ("ignored", [], [])
    assert send(Authentication_Results="mx.example.com; dmarc=none", number=2).outcome == "ignored"
    assert (
        send(Authentication_Results="mx.example.com; dmarc=pass header.from=example.com", number=3).outcome
        == "posted"
    )


def test_only_the_first_header_proves_a_sender():
    good, none = b"Authentication-Results: mx; dmarc=pass\n", b"Authentication-Results: mx; dmarc=none\n"
    assert [
        read_mail(head + b"From: a@b.example\n\nHi").proven for head in (good + none, none + good, b"")
    ] == [
        True,
        False,
        False,
    ]


def test_the_address_of_a_banned_or_closed_account_posts_nothing(bob, thread, send):
    bob.user.is_active = False
    bob.user.save()
    assert send().outcome == "refused"
    bob.user = None
    bob.save()
    assert send(number=2).outcome == "refused"
    assert by_bob(thread) == []


def test_one_persons_address_in_the_mail_of_another_posts_as_neither(bob, charlie, thread, send):
    row = send(sender="charlie@example.com", Cc=reply_address(charlie.pk, thread.pk))
    assert (row.outcome, Post.objects.filter(author__in=(bob, charlie)).count()) == ("refused", 0)


def test_strangers_are_answered_without_a_word_of_theirs(send):
    send(
        sender="victim@example.net",
        to="reply@localhost.localdomain",
        Subject="Buy pills at http://evil.example",
        body="Buy pills",
    )
    [answer] = outbox.outbox
    assert (answer.to, answer.subject) == (["victim@example.net"], "Your e-mail was not posted")
    assert "pills" not in answer.body + answer.subject


def test_nobody_sends_to_thousands_in_their_names_through_us(send, monkeypatch):
    monkeypatch.setattr(received_mail, "ANSWERS_TO_STRANGERS_PER_HOUR", 3)
    for number in range(6):
        send(sender=f"victim{number}@example.net", to="reply@localhost.localdomain", number=number)
    assert len(outbox.outbox) == 3


@pytest.mark.parametrize(
    "head",
    [
        {"Subject": "Automatic reply: Why?"}, {"Subject": "Out of Office: Re: Why?"}, {"Subject": "Abwesenheitsnotiz: Why?"},
        {"Subject": "=?utf-8?q?R=C3=A9ponse_automatique?= : Why?"}, {"X-MS-Exchange-Inbox-Rules-Loop": "bob@example.com"},
        {"Auto-Submitted": "auto-replied (vacation)"}, {"Precedence": "BULK"}, {"Return-Path": " <> "},
    ],
    ids=str,
)  # fmt: skip
def test_a_program_that_answers_for_somebody_neither_posts_nor_is_answered(head, thread, send):
    row = send("I am away until Monday.", **{name.replace("-", "_"): value for name, value in head.items()})
    assert (row.outcome, by_bob(thread), outbox.outbox) == ("ignored", [], [])


def test_a_loop_that_hides_ends_by_itself(thread, send):
    for number in range(POSTED_PER_HOUR + 10):
        send(f"I am away, ticket {number}.", number=number)
    assert len(by_bob(thread)) == POSTED_PER_HOUR
    assert len(outbox.outbox) <= received_mail.ANSWERS_PER_HOUR


def test_the_same_message_id_of_two_people_is_two_mails(alice, bob, thread, send):
    send(Message_ID="<1>")
    send("And mine.", sender="alice@example.com", to=reply_address(alice.pk, thread.pk), Message_ID="<1>")
    assert thread.posts.count() == 3


def test_what_opens_doors_is_not_posted_when_our_mail_is_quoted_in_a_way_we_do_not_know(bob, thread, send):
    address, link = reply_address(bob.pk, thread.pk), unsubscribe_url(bob.pk, f"thread:{thread.pk}")
    send(f"Check the filter.\n\nAntwort an {address}\nStop: {link}\n<{link}> and [stop]({link})")
    [body] = by_bob(thread)
    assert address not in body
    assert "unsubscribe" not in body
    assert (
        hide_tokens(f"mail {site.REPLY_ADDRESS} or see /unsubscribed/")
        == f"mail {site.REPLY_ADDRESS} or see /unsubscribed/"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Subject", "Why?\r\nBcc: victim@example.net"), ("Subject", "=?utf-8?q?Why=0D=0ABcc=3A_victim=40example.net?="),
        ("Subject", "\udcff\udcfe \x00 \u202e why"), ("Message-ID", "<a@b>\x00\x01<c@d>"), ("Message-ID", "<" + "é" * 300 + "@x>"),
        ("Message-ID", "=?utf-8?q?=3Ca=40b=3E=0D=0ABcc=3A_victim=40example.net?="), ("Subject", "=?utf-8?b?!!!?="), ("Subject", "=?nope?q?x?="),
    ],
    ids=ascii,
)  # fmt: skip
def test_an_answer_carries_no_header_of_theirs(name, value, mo, thread, send):
    thread.locked_at, thread.locked_by = thread.created_at, mo
    thread.save()
    assert send(**{name.replace("-", "_"): value}).outcome == "refused"
    [answer] = outbox.outbox
    sent = answer.message()
    assert sent["Bcc"] is None
    assert answer.recipients() == ["bob@example.com"]
    assert sent.as_bytes()


@pytest.mark.parametrize(
    ("charset", "body", "posted"),
    [
        ("utf-8", b"a\x00b", "ab"), ("unicode_escape", b"\\ud800 hi", "\\ud800 hi"), ("utf-7", b"+2AA- hi", "+2AA- hi"), ("rot13", b"hi", "hi"),
        ("no\x00pe", b"hi", "hi"), ("punycode", b"a" * 1000 + b"-9", "a" * 1000 + "-9"), ("latin-1", b"caf\xe9", "café"),
        ("utf-8", b"\xed\xa0\x80 hi", "��� hi"), ("utf-16", "hi".encode("utf-16"), "hi"), ("x" * 5000, b"hi", "hi"),
    ],
    ids=ascii,
)  # fmt: skip
def test_text_in_any_charset_is_posted_as_text(charset, body, posted, thread, send):
    send(body, Content_Type=f"text/plain; charset={charset}")
    assert by_bob(thread) == [posted]


def _bombs():
    head = b"From: bob@example.com\nSubject: s\nMessage-ID: <1@x>\n"
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(5000))
    yield "deep", head + deep + b"\nhi"
    yield "letters in letters", head + b"Content-Type: message/rfc822\n\n" * 3000 + b"hi"
    yield "long header", head + b"X: " + b"x" * 3_000_000 + b"\n\nhi"
    yield "many recipients", head + b"To: " + b"a@b.example, " * 50_000 + b"\n\nhi"
    yield "encoded words", head.replace(b"Subject: s", b"Subject: " + b"=?utf-8?q?a?= " * 50_000) + b"\nhi"
    yield "comments", head.replace(b"bob@", b"(" * 20_000 + b"bob@") + b"\nhi"
    for name, text in {
        "comment": "<!--",
        "declaration": "<!",
        "quote": "<a b='",
        "number": "&#" + "9" * 5000,
        "list": "<li>",
    }.items():
        yield name, head + b"Content-Type: text/html\n\n" + (text * (700_000 // len(text))).encode()
    for text in ("On x wrote:\n", "> \n", "-- \n", "le aaaaaa\n", " \n"):
        yield (
            repr(text),
            head + b"Content-Type: text/plain; format=flowed\n\n" + (text * (200_000 // len(text))).encode(),
        )


@pytest.mark.parametrize(("name", "raw"), list(_bombs()), ids=[name for name, _raw in _bombs()])
def test_a_bomb_is_read_in_seconds_of_processor_time(name, raw, db):
    started = time.process_time()
    receive_mail(read_mail(raw))
    assert time.process_time() - started < 10  # each took minutes, or the stack, in Python's own parsers


def test_a_mail_that_is_too_large_or_not_to_be_read_is_answered_with_the_reason(
    bob, thread, send, monkeypatch
):
    monkeypatch.setattr(incoming, "LARGEST", 100_000)
    assert "larger than 30 MB" in send("x " * 100_000).reason
    nested = "\r\n".join(f'--b\r\nContent-Type: multipart/mixed; boundary="b{n}"\r\n' for n in range(100))
    assert "could not be read" in send(nested, number=2, Content_Type="multipart/mixed; boundary=b").reason
    assert len(outbox.outbox) == 2


def test_pictures_of_a_refused_mail_leave_no_files(bob, thread):
    picture = BytesIO()
    Image.new("RGB", (320, 200), "#d8e4ea").save(picture, "PNG")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = (
        "bob@example.com",
        reply_address(bob.pk, thread.pk),
        "<1@x>",
    )
    mail.set_content("so long " * 4000)
    mail.add_attachment(picture.getvalue(), maintype="image", subtype="png", filename="a.png")
    before = set(default_storage.listdir("uploads")[1]) if default_storage.exists("uploads") else set()
    assert receive_mail(read_mail(mail.as_bytes())).outcome == "refused"
    assert set(default_storage.listdir("uploads")[1]) == before
    assert Upload.objects.count() == 0


def test_old_mails_that_became_nothing_are_forgotten(thread, send):
    kept, gone = send(), send(sender="eve@evil.example", number=2)
    ReceivedMail.objects.update(received_at=thread.created_at - KEPT_FOR * 2)
    sweep_mail_answers()
    assert list(ReceivedMail.objects.all()) == [kept]
    assert gone.outcome == "refused"
