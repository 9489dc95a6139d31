"""Replying by e-mail.

Whatever a mail says, it becomes a reply only through `post_reply`, and a refusal is answered.
"""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any, BinaryIO, cast

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.errors import TooMany
from community.lib.incoming import LARGE, Incoming
from community.lib.mailtext import written_text
from community.lib.refusals import error_message
from community.lib.sealed import fingerprint, seal
from community.lib.tasks import enqueue
from forums import permissions
from forums.actions.posts import post_reply
from forums.actions.uploads import remove_files, save_upload
from forums.gate import Arrival
from forums.mailboxes import mailbox_for
from forums.models import Post, ReceivedMail, Thread, Upload
from forums.models.received import Outcome
from forums.reply_address import hide_tokens, is_reply_address, read_reply_address, reply_line
from forums.tasks import answer_received_mail
from profiles.models import Profile

ANSWERS_PER_HOUR = 5  # to one sender: two programs that answer each other stop here
ANSWERS_TO_STRANGERS_PER_HOUR = 100  # to all of them: somebody may send in the names of many
POSTED_PER_HOUR = 20  # by one sender
BY_MAIL = Arrival(channel="mail")
TOO_LARGE = gettext_lazy(
    "Your e-mail is larger than 30 MB. Send smaller pictures, or add them in the thread."
)
UNREADABLE = gettext_lazy(
    "Your e-mail could not be read. Send it again as plain text, or reply in the thread."
)
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
    text = hide_tokens(written_text(mail.text, marker=reply_line()))
    try:
        if take := mailbox_for(mail):
            take(mail)
            row.outcome = Outcome.PASSED_ON
            return
        if mail.forged or (settings.REPLY_REQUIRE_DMARC_PASS and not mail.proven):
            row.outcome, row.reason = Outcome.IGNORED, "Authentication-Results"
            return
        row.profile, row.thread = _addressed(mail)
        _refuse_too_many(row)
        with transaction.atomic():
            row.post, left_out = _post(row.profile, row.thread, text, mail)
        row.outcome = Outcome.POSTED
        if row.post.held_at is not None:
            _answer(row, mail, _("Reply received. It appears once a moderator approves it."), posted=True)
        elif left_out:
            said = _("Reply posted without these files, because only images can be attached: %(names)s.")
            _answer(row, mail, said % {"names": ", ".join(left_out)}, posted=True)
    except (PermissionDenied, ValidationError, TooMany) as refusal:
        row.outcome, row.reason = Outcome.REFUSED, error_message(refusal)[:500]
        _answer(row, mail, row.reason, text=text if row.profile_id else "")


def _addressed(mail: Incoming) -> tuple[Profile, Thread]:
    """Return who answers to what, by the address the mail came to. Raises PermissionDenied."""
    named = next((found for one in mail.recipients if (found := read_reply_address(one))), None)
    if named is None:
        raise PermissionDenied(
            _("This address only accepts replies to our e-mails. Open the thread and reply there.")
        )
    profile = Profile.objects.select_related("user", "team").filter(pk=named[0]).first()
    verified = (
        EmailAddress.objects.filter(user_id=profile.user_id, verified=True)
        if profile and profile.user_id
        else None
    )
    if (
        profile is None
        or verified is None
        or mail.sender not in {one.lower() for one in verified.values_list("email", flat=True)}
    ):
        raise PermissionDenied(
            _(
                "Your e-mail came from another address than your account’s. "
                "Send it from your account’s address, or reply in the thread."
            )
        )
    thread = Thread.objects.visible_to(profile).filter(pk=named[1]).first()
    if thread is not None and thread.merged_into_id:
        thread = Thread.objects.visible_to(profile).filter(pk=thread.merged_into_id).first()
    if thread is None:
        raise PermissionDenied(_("This thread is closed for replies."))
    return profile, thread


def _post(author: Profile, thread: Thread, text: str, mail: Incoming) -> tuple[Post, list[str]]:
    """Post the text with its pictures. Returns the post and the names of what was left out."""
    permissions.require_writer(author)
    permissions.refuse_if(permissions.why_not_reply(author, thread))
    if mail.problem:
        raise ValidationError(TOO_LARGE if mail.problem == LARGE else UNREADABLE)
    if not text.strip() and not mail.pictures:
        raise ValidationError(_("Your e-mail has only quoted text. Write your reply above it."))
    uploads: list[Upload] = []
    shown, left_out = [text], list(mail.left_out)
    try:
        for picture in mail.pictures:
            try:
                uploads.append(save_upload(author, cast(BinaryIO, BytesIO(picture.data))))
                shown.append(f"![{picture.name}]({uploads[-1].url})")
            except (PermissionDenied, ValidationError, TooMany):
                left_out.append(picture.name)
        return post_reply(author, thread, body="\n\n".join(shown).strip("\n"), arrival=BY_MAIL), left_out
    except Exception as error:
        for upload in uploads:  # their rows go with the transaction, so no sweep would find the files
            remove_files(upload)
        if isinstance(error, Http404):
            raise PermissionDenied(_("This thread is closed for replies.")) from error
        raise


def _refuse_too_many(row: ReceivedMail) -> None:
    """Stop programs that answer each other, and whoever posts faster than people write mails.

    Raises PermissionDenied.
    """
    posted = _lately(sender_digest=row.sender_digest, outcome=Outcome.POSTED).exclude(pk=row.pk)
    if posted.count() >= POSTED_PER_HOUR:
        raise PermissionDenied(
            _("You’ve sent too many replies by e-mail this hour. Reply in the thread, or try again later.")
        )


def _lately(**which: Any) -> QuerySet[ReceivedMail]:
    return ReceivedMail.objects.filter(received_at__gt=timezone.now() - timedelta(hours=1), **which)


def _answer(
    row: ReceivedMail, mail: Incoming, sentence: str, *, text: str = "", posted: bool = False
) -> None:
    """Note the answer to be sent, sealed because it names the sender; not to those who got several just now.

    To strangers it says nothing that they wrote: anybody can put anybody's name on a mail.
    """
    answered = Q(answered_at__isnull=False) | ~Q(answer="")
    if (
        _lately(sender_digest=row.sender_digest).filter(answered).exclude(pk=row.pk).count()
        >= ANSWERS_PER_HOUR
    ):
        return
    if (
        row.profile_id is None
        and _lately(profile=None).filter(answered).count() >= ANSWERS_TO_STRANGERS_PER_HOUR
    ):
        return
    subject = mail.subject if row.profile_id else ""
    row.answer = seal(
        json.dumps(
            {
                "to": mail.sender, "subject": subject, "message_id": mail.message_id, "sentence": sentence,
                "said": text[:SAID_BACK], "posted": posted,
            }
        )
    )  # fmt: skip
    enqueue(answer_received_mail, row.pk, queue="mail")
