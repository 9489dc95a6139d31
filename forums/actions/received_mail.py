"""Replying by e-mail. Whatever a mail says, it becomes a reply only through `post_reply`, and a refusal is answered."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import BinaryIO, cast

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from community.lib.errors import TooMany
from community.lib.incoming import Incoming, Picture
from community.lib.mailtext import written_text
from community.lib.sealed import fingerprint, seal
from community.lib.tasks import enqueue
from forums import permissions
from forums.actions.posts import post_reply
from forums.actions.uploads import save_upload
from forums.mailboxes import mailbox_for
from forums.models import Post, ReceivedMail, Thread
from forums.models.received import Outcome
from forums.reply_address import is_reply_address, read_reply_address, reply_line
from forums.tasks import answer_received_mail
from profiles.models import Profile

ANSWERS_PER_HOUR = 5  # to one sender: two programs that answer each other stop here
SAID_BACK = 10_000  # characters of a refused text that go back to its writer


def receive_mail(mail: Incoming) -> ReceivedMail:
    """Take in one mail; the same mail again changes nothing and returns what became of it the first time.

    A mail no person wrote is noted and never answered. Any other that is refused is answered with the reason.
    """
    with transaction.atomic():
        row, is_new = _claim(mail)
        if not is_new:
            return row
        if why := _why_ignored(mail):
            row.outcome, row.reason = Outcome.IGNORED, why
        else:
            _post_or_refuse(row, mail)
        row.save()
    return row


def _claim(mail: Incoming) -> tuple[ReceivedMail, bool]:
    """Write the row that stands for this mail; whoever brings the same mail meanwhile waits here for its end."""
    try:
        with transaction.atomic():
            digest = fingerprint(mail.sender) if mail.sender else ""
            return ReceivedMail.objects.create(key=mail.key, sender_digest=digest), True
    except IntegrityError:
        return ReceivedMail.objects.get(key=mail.key), False


def _why_ignored(mail: Incoming) -> str:
    own = {_bare(settings.DEFAULT_FROM_EMAIL), _bare(settings.SERVER_EMAIL)}
    if mail.sender in own or is_reply_address(mail.sender):
        return "From"
    return mail.automatic


def _bare(address: str) -> str:
    return address.rpartition("<")[2].rstrip("> ").lower()


def _post_or_refuse(row: ReceivedMail, mail: Incoming) -> None:
    text = written_text(mail.text, marker=reply_line())
    try:
        if take := mailbox_for(mail):
            take(mail)
            row.outcome = Outcome.PASSED_ON
            return
        row.profile, row.thread = _addressed(mail)
        with transaction.atomic():
            row.post, left_out = _post(row.profile, row.thread, text, mail)
        row.outcome = Outcome.POSTED
        if left_out:
            said = _("Your reply is posted. Left out, because only pictures can be attached: %(names)s.")
            _answer(row, mail, said % {"names": ", ".join(left_out)}, posted=True)
    except (PermissionDenied, ValidationError, TooMany) as refusal:
        row.outcome, row.reason = Outcome.REFUSED, _sentence(refusal)[:500]
        _answer(row, mail, row.reason, text=text if row.profile_id else "")


def _addressed(mail: Incoming) -> tuple[Profile, Thread]:
    """Return who answers to what, by the address the mail came to. Raises PermissionDenied."""
    named = next((found for one in mail.recipients if (found := read_reply_address(one))), None)
    if named is None:
        raise PermissionDenied(_("This address only takes answers to our e-mails. Open the thread and reply there."))
    profile = Profile.objects.select_related("user", "team").filter(pk=named[0]).first()
    verified = EmailAddress.objects.filter(user_id=profile.user_id, verified=True) if profile and profile.user_id else None
    if (
        profile is None
        or verified is None
        or mail.sender not in {one.lower() for one in verified.values_list("email", flat=True)}
    ):
        raise PermissionDenied(
            _("This did not come from the address of the account our e-mail went to. Send it from there, or reply in the thread.")
        )
    thread = Thread.objects.visible_to(profile).filter(pk=named[1]).first()
    if thread is not None and thread.merged_into_id:
        thread = Thread.objects.visible_to(profile).filter(pk=thread.merged_into_id).first()
    if thread is None:
        raise PermissionDenied(_("This thread is not open for replies."))
    return profile, thread


def _post(author: Profile, thread: Thread, text: str, mail: Incoming) -> tuple[Post, list[str]]:
    """Post the text with its pictures. Returns the post and the names of what was left out."""
    permissions.require_writer(author)
    permissions.refuse_if(permissions.why_not_reply(author, thread))
    if not text.strip() and not mail.pictures:
        raise ValidationError(_("There was nothing in your e-mail but what it quoted. Write above the quoted text."))
    shown, left_out = [], list(mail.left_out)
    for picture in mail.pictures:
        try:
            shown.append(_shown(author, picture))
        except (PermissionDenied, ValidationError):
            left_out.append(picture.name)
    try:
        return post_reply(author, thread, body="\n\n".join([text, *shown]).strip("\n")), left_out
    except Http404 as gone:
        raise PermissionDenied(_("This thread is not open for replies.")) from gone


def _shown(author: Profile, picture: Picture) -> str:
    upload = save_upload(author, cast(BinaryIO, BytesIO(picture.data)))
    return f"![{picture.name}]({upload.url})"


def _sentence(refusal: Exception) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


def _answer(row: ReceivedMail, mail: Incoming, sentence: str, *, text: str = "", posted: bool = False) -> None:
    """Note the answer to be sent, sealed because it names the sender; not to those who got several just now."""
    lately = ReceivedMail.objects.filter(sender_digest=row.sender_digest, received_at__gt=timezone.now() - timedelta(hours=1))
    if lately.exclude(pk=row.pk).exclude(answered_at=None, answer="").count() >= ANSWERS_PER_HOUR:
        return
    row.answer = seal(
        json.dumps(
            {
                "to": mail.sender, "subject": mail.subject, "message_id": mail.message_id, "sentence": sentence,
                "said": text[:SAID_BACK], "posted": posted,
            }
        )
    )  # fmt: skip
    enqueue(answer_received_mail, row.pk, queue="mail")
