"""Replying by e-mail: what is posted, what is refused and answered, and what nobody answers."""

from __future__ import annotations

import mailbox
import sys
import threading
from email.message import EmailMessage
from io import BytesIO, TextIOWrapper

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import connection
from PIL import Image

from community.lib.incoming import read_mail
from forums.actions.received_mail import ANSWERS_PER_HOUR, receive_mail
from forums.actions.threads import delete_thread
from forums.models import Post, ReceivedMail, Upload
from forums.reply_address import read_reply_address, reply_address, reply_line
from forums.tasks import sweep_mail_answers
from moderation.actions.threads import archive_thread, lock_thread


@pytest.fixture
def letter(bob, thread):
    """Bob's answer to a mail about the thread; fields and headers can be changed."""

    def make(
        text="Check the filter.",
        *,
        sender="bob@example.com",
        to=None,
        message_id="<1@mail.example>",
        **headers,
    ):
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Somebody <{sender}>", to or reply_address(bob.pk, thread.pk)
        mail["Subject"], mail["Message-ID"] = "Re: Why is the export empty?", message_id
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return mail

    return make


def _take(mail):
    row = receive_mail(read_mail(mail.as_bytes()))
    sweep_mail_answers()
    return row


def test_a_mail_becomes_a_reply_without_what_it_quotes(bob, thread, letter):
    quoted = f"\n\nOn Saturday Hearth <community@example.com> wrote:\n> {reply_line()}\n> It has no rows.\n"
    row = _take(letter("Check **the** filter." + quoted))
    assert (row.outcome, row.post.body, row.post.author) == ("posted", "Check **the** filter.", bob)
    assert outbox.outbox == []


def test_the_same_mail_twice_makes_one_post(thread, letter):
    rows = {_take(letter()).pk, _take(letter()).pk}
    assert len(rows) == 1
    assert thread.posts.filter(number__gt=1).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_brought_at_the_same_moment_makes_one_post(thread, letter):
    raw, barrier = letter().as_bytes(), threading.Barrier(4)

    def bring():
        barrier.wait()
        try:
            receive_mail(read_mail(raw))
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (Post.objects.filter(thread=thread, number__gt=1).count(), ReceivedMail.objects.count()) == (1, 1)


def test_pictures_become_uploads_and_other_files_are_named(bob, letter):
    picture = BytesIO()
    Image.new("RGB", (320, 200), "#d8e4ea").save(picture, "PNG")
    mail = letter()
    mail.add_attachment(picture.getvalue(), maintype="image", subtype="png", filename="mast [1].png")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    mail.add_attachment(b"not a picture", maintype="image", subtype="png", filename="fake.png")
    row = _take(mail)
    upload = Upload.objects.get(owner=bob)
    assert row.post.body == f"Check the filter.\n\n![mast 1.png]({upload.url})"
    assert list(upload.posts.all()) == [row.post]
    assert "plan.pdf, fake.png" in outbox.outbox[0].body


REFUSALS = {
    "archived": "This thread is archived",
    "locked": "This thread is locked",
    "banned": "This account is suspended",
    "stranger": "came from another address than your account’s",
    "unsigned": "only accepts replies to our e-mails",
    "forged": "only accepts replies to our e-mails",
    "too long": "Shorten your text to 30000 characters",
    "empty": "only quoted text",
    "gone": "closed for replies",
}


@pytest.mark.parametrize("why", REFUSALS)
def test_every_refusal_is_answered_with_its_reason(why, bob, mo, thread, letter):
    text, fields = "Check the filter.", {}
    address = reply_address(bob.pk, thread.pk)
    if why == "archived":
        archive_thread(mo, thread)
    elif why == "locked":
        lock_thread(mo, thread)
    elif why == "banned":
        bob.user.is_active = False
        bob.user.save()
    elif why == "stranger":
        fields["sender"] = "eve@example.com"
    elif why == "unsigned":
        fields["to"] = address.partition("+")[0] + "@" + address.partition("@")[2]
    elif why == "forged":
        fields["to"] = address.replace("+", "+aaaaaa")
    elif why == "too long":
        text = "so long " * 4000
    elif why == "empty":
        text = f"> {reply_line()}\n> It has no rows.\n"
    elif why == "gone":
        delete_thread(mo, thread)
    row = _take(letter(text, **fields))
    assert row.outcome == "refused"
    assert Post.objects.filter(author=bob).count() == 0
    [answer] = outbox.outbox
    assert REFUSALS[why] in answer.body
    assert answer.to == [fields.get("sender", "bob@example.com")]
    headers = answer.message()
    assert (headers["Auto-Submitted"], headers["In-Reply-To"]) == ("auto-replied", "<1@mail.example>")
    known = why not in ("stranger", "unsigned", "forged", "gone")
    assert (thread.slug in answer.body) == known
    if why == "archived":
        assert "Check the filter." in answer.body


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<news.example.com>"}, {"Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "All"}, {"sender": "mailer-daemon@mail.example"}, {"sender": "community@localhost.localdomain"},
        {"sender": "reply@localhost.localdomain"},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_person_wrote_is_neither_posted_nor_answered(header, thread, letter, settings):
    settings.DEFAULT_FROM_EMAIL, settings.REPLY_ADDRESS = (
        "Hearth <community@localhost.localdomain>",
        "reply@localhost.localdomain",
    )
    row = _take(letter(to="reply@localhost.localdomain", **header))
    assert (row.outcome, outbox.outbox) == ("ignored", [])
    assert thread.posts.count() == 1


def test_a_sender_gets_only_so_many_answers_an_hour(letter):
    for number in range(ANSWERS_PER_HOUR + 3):
        _take(letter(sender="eve@example.com", message_id=f"<{number}@mail.example>"))
    assert len(outbox.outbox) == ANSWERS_PER_HOUR


def test_an_answer_that_could_not_be_sent_is_sent_by_the_sweep_and_only_once(letter, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    row = _take(letter(sender="eve@example.com"))
    assert "eve@example.com" not in row.answer
    settings.EMAIL_BACKEND = backend
    sweep_mail_answers()
    sweep_mail_answers()
    assert [one.to for one in outbox.outbox] == [["eve@example.com"]]


def test_an_address_survives_programs_that_change_its_case_and_no_other_key(bob, thread, settings):
    address = reply_address(bob.pk, thread.pk)
    assert len(address.partition("@")[0]) <= 64
    assert read_reply_address(address.upper()) == (bob.pk, thread.pk)
    settings.SECRET_KEY, old = "another key that is long enough to be one", settings.SECRET_KEY
    assert read_reply_address(address) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_reply_address(address) == (bob.pk, thread.pk)
    settings.REPLY_ADDRESS = ""
    assert reply_address(bob.pk, thread.pk) is None


def test_hostile_mails_do_no_harm(bob, thread, letter):
    nasty = letter("<script>alert(1)</script> ![x](javascript:alert(1))").as_bytes()
    broken = [
        b"",
        b"\x00\xff" * 50,
        b"From: x\nTo: =?utf-8?q?=00?= <a@b>\n\nhi",
        b"From: <<<>>>\nContent-Type: text/plain; charset=nope\n\n\xff",
    ]
    for raw in [
        *broken,
        nasty.replace(b"Content-Type: text/plain", b"Content-Type: multipart/mixed; boundary=x"),
    ]:
        receive_mail(read_mail(raw))
    receive_mail(read_mail(nasty.replace(b"<1@", b"<2@")))
    post = thread.posts.get(author=bob)
    assert "<script" not in post.body_html
    assert "<img" not in post.body_html


def test_the_command_reads_a_pipe_a_file_an_mbox_and_a_maildir(tmp_path, monkeypatch, thread, letter, capsys):
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(letter("From the pipe.").as_bytes())))
    call_command("receive_mail")
    (tmp_path / "one.eml").write_bytes(letter("From the file.", message_id="<2@mail.example>").as_bytes())
    call_command("receive_mail", tmp_path / "one.eml")
    for number, box in enumerate((mailbox.mbox(tmp_path / "box"), mailbox.Maildir(tmp_path / "dir")), 3):
        box.add(letter(f"From box {number}.", message_id=f"<{number}@mail.example>"))
        box.close()
    for name in ("box", "dir"):
        call_command("receive_mail", tmp_path / name)
        call_command("receive_mail", tmp_path / name, "--remove")
    assert (tmp_path / "box").read_bytes() == b""
    assert list((tmp_path / "dir" / "new").iterdir()) == []
    bodies = list(thread.posts.filter(number__gt=1).order_by("number").values_list("body", flat=True))
    assert bodies == ["From the pipe.", "From the file.", "From box 3.", "From box 4."]
    assert capsys.readouterr().out.splitlines() == ["posted"] * 6
