"""What notifications and mail hold of somebody goes with their account, and into their download."""

from __future__ import annotations

from forums.actions.posts import post_reply
from profiles.actions.notifications import notify
from profiles.mail.preferences import set_digest_time, set_preference
from profiles.mail.privacy import erase_mail_traces, mail_parts
from profiles.mail.returns import note_return
from profiles.models import (
    Delivery,
    MailReturn,
    MailSettings,
    Notification,
    NotificationPreference,
    ReturnKind,
)
from profiles.notifications import Kind, add_kind


def test_an_account_takes_its_mail_along_and_its_name_out_of_that_of_others(alice, bob, thread):
    add_kind(Kind("test", "Tests of things"))
    post_reply(bob, thread, body="An answer.")
    notify([alice], "test", source_key="thing:1", title="Bob Example thanked you", url="/x/", actor=bob)
    notify([bob], "test", source_key="thing:2", title="Something for Bob", url="/x/")
    set_digest_time(bob, hour=3, time_zone="")
    set_preference(bob, "test", email=False)
    note_return(bob, ReturnKind.SOFT, key="m-1")
    for _again in range(2):
        erase_mail_traces(bob, keep_posts=True)
    for model in (Notification, NotificationPreference, MailReturn, Delivery, MailSettings):
        assert not model.objects.filter(profile=bob).exists()
    assert not Notification.objects.filter(title__contains="Bob").exists()
    assert not Delivery.objects.filter(title__contains="Bob").exists()
    assert Notification.objects.filter(profile=alice, kind="reply").count() == 1


def test_the_download_holds_what_one_was_told_and_sent(alice, bob, thread):
    post_reply(bob, thread, body="An answer.")
    set_digest_time(alice, hour=3, time_zone="Europe/Riga")
    parts = {part.path: part.content for part in mail_parts(alice)}
    assert [row["kind"] for row in parts["notifications.json"]] == ["reply"]
    assert [row["title"] for row in parts["mail-log.json"]] == [thread.subject]
    assert parts["mail-settings.json"]["times"][0]["time_zone"] == "Europe/Riga"
