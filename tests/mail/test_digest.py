"""The daily digest: what it holds, to whom it goes, and that it goes once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from forums.actions.digests import queue_digests, send_preview
from forums.actions.posts import post_reply
from forums.actions.solutions import mark_solution
from forums.actions.subscriptions import set_topic_delivery
from forums.actions.threads import ask
from forums.models import Thread, TopicSubscription
from moderation.actions.threads import archive_thread, hide_thread, make_private, move_thread
from profiles.mail.deliveries import claim_due, compose_batches, send_due
from profiles.mail.preferences import pause_mail, set_digest_time, set_preference
from profiles.models import Delivery, MailSettings
from tests.mail.conftest import html_of, later, text_of

MORNING = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture(autouse=True)
def _no_other_mail(settings):
    settings.TIME_ZONE = "UTC"


def asked(author, topic, subject, *, hours_ago=2.0, now=MORNING, **more):
    """Ask, some hours before `now`."""
    thread = ask(author, topic=topic, subject=subject, body="Tell me.", **more)
    Thread.objects.filter(pk=thread.pk).update(created_at=now - timedelta(hours=hours_ago))
    return thread


def listen(profile, topic, *, since=MORNING - timedelta(days=1)):
    set_topic_delivery(profile, topic, "digest")
    TopicSubscription.objects.filter(profile=profile, topic=topic).update(created_at=since)


def test_a_digest_tells_of_new_questions_by_topic(smtp, alice, bob, charlie, topic, board):
    listen(charlie, topic)
    listen(charlie, board)
    solved = asked(alice, topic, "How do I export?")
    mark_solution(alice, post_reply(bob, solved, body="Like this."))
    asked(alice, board, "Look what I made")
    asked(alice, topic, "Why is it slow?")
    assert queue_digests(now=MORNING) == 1
    send_due(bulk=True)
    (mail,) = smtp.to("charlie")
    assert mail["Subject"] == "Wednesday in your topics"
    text = text_of(mail)
    assert "3 new threads. That’s everything" in text
    assert (
        text.index("New in Exports")
        < text.index("Why is it slow?\nAlice Example, no replies yet")
        < text.index("New in Show")
    )
    assert "How do I export?\nSolved. 1 reply, solution by Bob Example" in text
    assert "/questions/how-do-i-export/" in html_of(mail)
    assert "kind~digest" in mail["List-Unsubscribe"]


def test_nothing_new_means_no_digest(smtp, alice, charlie, topic):
    listen(charlie, topic)
    asked(alice, topic, "An old one", hours_ago=30)
    asked(charlie, topic, "My own")
    assert queue_digests(now=MORNING) == 0
    assert not Delivery.objects.filter(kind="digest").exists()


def test_a_digest_comes_once_a_day_however_often_it_is_asked_for(smtp, alice, charlie, topic):
    listen(charlie, topic)
    asked(alice, topic, "A question")
    assert queue_digests(now=MORNING) == 1
    asked(alice, topic, "Another question", hours_ago=-1)
    assert queue_digests(now=MORNING + timedelta(hours=3)) == 0
    assert queue_digests(now=MORNING + timedelta(days=1)) == 1
    send_due(bulk=True)
    first, second = smtp.to("charlie")
    assert "A question" in text_of(first)
    assert "Another question" in text_of(second)
    assert "A question" not in text_of(second)


def test_the_hour_and_the_zone_are_the_members_own(alice, bob, charlie, topic):
    for one in (bob, charlie):
        listen(one, topic)
    asked(alice, topic, "A question", hours_ago=12)
    set_digest_time(bob, hour=8, time_zone="America/New_York")
    set_digest_time(charlie, hour=22, time_zone="Asia/Tokyo")
    due = [queue_digests(now=MORNING + timedelta(hours=hour)) for hour in range(6)]
    assert due == [0, 0, 0, 1, 1, 0]  # 8:00 in New York is 12:00 UTC, 22:00 in Tokyo is 13:00


def test_who_has_chosen_nothing_gets_it_at_eight_site_time(alice, charlie, topic, settings):
    settings.TIME_ZONE = "Europe/Madrid"
    listen(charlie, topic)
    asked(alice, topic, "A question", hours_ago=8)
    start = MORNING.replace(hour=4)
    assert [queue_digests(now=start + timedelta(hours=hour)) for hour in range(4)] == [0, 0, 1, 0]


def test_what_was_missed_comes_with_the_next(smtp, alice, charlie, topic):
    listen(charlie, topic, since=MORNING - timedelta(days=9))
    asked(alice, topic, "First", hours_ago=8 * 24)
    asked(alice, topic, "Second", hours_ago=24)
    queue_digests(now=MORNING)
    send_due(bulk=True)
    assert "2 new threads" in text_of(*smtp.to("charlie"))


def test_a_bell_turned_on_again_starts_anew(alice, charlie, topic):
    listen(charlie, topic)
    queue_digests(now=MORNING)
    set_topic_delivery(charlie, topic, "none")
    asked(alice, topic, "Asked while it was off", hours_ago=-30)
    set_topic_delivery(charlie, topic, "digest")
    TopicSubscription.objects.filter(profile=charlie).update(created_at=MORNING + timedelta(hours=40))
    assert queue_digests(now=MORNING + timedelta(days=2)) == 0


@pytest.mark.parametrize("change", [archive_thread, hide_thread, make_private])
def test_what_is_gone_before_it_is_sent_is_left_out(smtp, alice, charlie, mo, topic, change):
    listen(charlie, topic)
    gone = asked(alice, topic, "Regretted question")
    queue_digests(now=MORNING)
    change(mo, gone)
    send_due(bulk=True)
    assert smtp.to("charlie") == []
    assert Delivery.objects.get(kind="digest").reason == "empty"


def test_a_moved_thread_is_told_in_its_new_topic(smtp, alice, bob, charlie, mo, topic, board):
    listen(bob, topic)
    listen(charlie, board)
    move_thread(mo, asked(alice, topic, "In the wrong place"), topic=board)
    queue_digests(now=MORNING)
    send_due(bulk=True)
    assert smtp.to("bob") == []
    assert "New in Show and tell" in text_of(*smtp.to("charlie"))


def test_everybody_can_see_why_they_got_none(smtp, alice, person, topic):
    people = {name: person(name) for name in ("paul", "quin", "rosa", "stan")}
    for one in people.values():
        listen(one, topic)
    asked(alice, topic, "A question")
    pause_mail(people["paul"])
    people["quin"].user.emailaddress_set.update(verified=False)
    set_preference(people["rosa"], "digest", email=False)
    people["stan"].user.is_active = False
    people["stan"].user.save()
    queue_digests(now=MORNING)
    send_due(bulk=True)
    assert smtp.mails == []
    kinds = Delivery.objects.filter(kind="digest").values_list("profile__name", "reason")
    assert dict(kinds) == {"Paul Example": "paused", "Quin Example": "unverified"}


def test_the_command_sends_and_says_so(smtp, alice, charlie, topic):
    listen(charlie, topic, since=timezone.now() - timedelta(days=2))
    asked(alice, topic, "A question", now=timezone.now())
    set_digest_time(charlie, hour=0, time_zone="")
    for said in ("1 queued; 1 sent.", "0 queued; nothing to send."):
        out = StringIO()
        call_command("send_digests", stdout=out)
        assert said in out.getvalue()
    assert len(smtp.to("charlie")) == 1


def run(**options):
    out = StringIO()
    call_command("send_digests", stdout=out, **options)
    return out.getvalue()


def test_the_command_fails_when_nothing_could_be_handed_over(smtp, alice, charlie, topic, settings):
    listen(charlie, topic, since=timezone.now() - timedelta(days=2))
    asked(alice, topic, "A question", now=timezone.now())
    set_digest_time(charlie, hour=0, time_zone="")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # nobody listens there
    for _again in range(2):  # the second time it waits
        with pytest.raises(
            CommandError, match=r"No digest could be sent; 1 wait.*mail server doesn’t answer.*refused"
        ):
            run()
    settings.EMAIL_PORT = port
    later()
    assert "1 sent." in run()


def test_the_command_sends_what_is_due_at_a_time(smtp, alice, charlie, topic):
    set_topic_delivery(charlie, topic, "digest")
    ask(alice, topic=topic, subject="Asked just now", body="Tell me.")
    tomorrow = (timezone.now() + timedelta(days=1)).replace(hour=9)
    assert "1 queued; 1 sent." in run(at=tomorrow.isoformat())
    assert "0 queued" in run(at=tomorrow.isoformat())
    assert "0 queued" in run(at=(tomorrow + timedelta(days=1)).isoformat())
    ask(alice, topic=topic, subject="Asked afterwards", body="Tell me.")
    assert "1 queued; 1 sent." in run(at=(tomorrow + timedelta(days=2)).replace(tzinfo=None).isoformat())
    first, second = (text_of(mail) for mail in smtp.to("charlie"))
    assert ("Asked just now" in first, "Asked just now" in second, "Asked afterwards" in second) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01T00:00", "2026-05-06T25:00", "{}"])
def test_the_command_refuses_what_is_no_time(text, db):
    with pytest.raises(CommandError, match="Write the time as in"):
        run(at=text)


def test_a_clock_that_was_ahead_swallows_no_question(smtp, alice, charlie, topic):
    now = timezone.now()
    listen(charlie, topic, since=now - timedelta(days=9))
    set_digest_time(charlie, hour=0, time_zone="")
    ahead = {"digest_on": (now + timedelta(days=9)).date(), "digest_through": now + timedelta(days=9)}
    MailSettings.objects.filter(profile=charlie).update(**ahead)
    day = (now + timedelta(days=1)).date()
    Delivery.objects.create(
        profile=charlie, kind="digest", source_key=f"digest:{day}", title="x", url="/", state="sent"
    )
    asked(alice, topic, "Asked after the clock was set back", now=now)
    assert queue_digests() == 0  # today's has come
    assert MailSettings.objects.get(profile=charlie).digest_on == now.date()
    assert queue_digests(now=now + timedelta(days=1)) == 1
    send_due(bulk=True)
    assert "Asked after the clock was set back" in text_of(*smtp.to("charlie"))


def test_a_preview_shows_what_was_asked_before_one_followed_the_topic(smtp, alice, charlie, topic):
    asked(alice, topic, "An earlier question", now=timezone.now())
    with pytest.raises(ValidationError, match="no new threads"):
        send_preview(charlie)
    set_topic_delivery(charlie, topic, "digest")
    assert send_preview(charlie)
    send_due(bulk=False)
    assert "An earlier question" in text_of(*smtp.to("charlie"))


def test_a_preview_comes_at_once_and_counts_as_nothing(smtp, alice, charlie, topic):
    listen(charlie, topic, since=timezone.now() - timedelta(days=2))
    asked(alice, topic, "A question", now=timezone.now())
    pause_mail(charlie)
    assert send_preview(charlie)
    send_due(bulk=False)
    assert "A question" in text_of(*smtp.to("charlie"))
    assert MailSettings.objects.get(profile=charlie).digest_on is None


def test_ten_more_people_and_questions_take_no_more_queries(
    alice, person, topic, django_assert_max_num_queries
):
    for number in range(12):
        listen(person(f"m{number}"), topic)
        asked(alice, topic, f"Question {number}")
    with django_assert_max_num_queries(6):
        assert queue_digests(now=MORNING) == 12
    with django_assert_max_num_queries(14):
        assert len(compose_batches(claim_due(bulk=True))[1]) == 12
