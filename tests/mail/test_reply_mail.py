"""Mail about replies: to whom, when, together, and what is looked at again before it goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from forums.actions.posts import delete_post, edit_post, post_reply
from forums.actions.solutions import clear_solution, mark_solution
from forums.actions.subscriptions import set_topic_delivery, subscribe, unsubscribe
from forums.actions.threads import ask
from forums.models import Post
from moderation.actions.merging import merge_thread, unmerge_thread
from moderation.actions.posts import hide_post
from moderation.actions.threads import (
    archive_thread,
    hide_thread,
    make_private,
    move_thread,
    unarchive_thread,
)
from profiles.hooks import hooks
from profiles.mail.deliveries import send_due
from profiles.mail.preferences import set_preference
from profiles.models import Delivery
from profiles.queries import notifications_of
from tests.mail.conftest import html_of, later, text_of


def reasons(profile):
    return list(Delivery.objects.filter(profile=profile).order_by("id").values_list("state", "reason"))


def test_a_reply_reaches_the_asker_at_once(smtp, alice, bob, thread):
    post = post_reply(bob, thread, body="Check the **filter**.\n\n```\nexport --all\n```")
    assert Delivery.objects.get(profile=alice).next_attempt_at <= timezone.now()
    assert send_due() == {"sent": 1}
    (mail,) = smtp.to("alice")
    assert mail["Subject"] == "Re: Why is the export empty?"
    assert mail["From"].startswith("Bob Example via Hearth <")
    assert "Bob Example answered your question:\n\nCheck the filter." in text_of(mail)
    assert f"/questions/why-is-the-export-empty/#post-{post.pk}" in text_of(mail)
    assert "<strong>filter</strong>" in html_of(mail)
    assert 'style="' in html_of(mail)
    assert "prefers-color-scheme: dark" in html_of(mail)
    assert notifications_of(alice).get().kind == "reply"


def test_the_author_of_a_reply_gets_no_mail_about_it(smtp, alice, bob, thread):
    post_reply(bob, thread, body="One.")
    post_reply(alice, thread, body="Two.")
    send_due()
    assert "Two." in text_of(*smtp.to("bob"))
    assert "Two." not in text_of(*smtp.to("alice"))


def test_further_replies_wait_and_go_together(smtp, alice, bob, charlie, thread):
    post_reply(bob, thread, body="First words.")
    send_due()
    post_reply(bob, thread, body="Second words.")
    post_reply(charlie, thread, body="Third words.")
    send_due()
    assert len(smtp.to("alice")) == 1
    later()
    send_due()
    _first, second = smtp.to("alice")
    assert "Second words." in text_of(second)
    assert "Third words." in text_of(second)
    assert "First words." not in text_of(second)
    assert [state for state, _reason in reasons(alice)] == ["sent"] * 3


def test_headers_keep_a_thread_together_and_machines_quiet(smtp, alice, bob, thread):
    post_reply(bob, thread, body="One.")
    send_due()
    post_reply(bob, thread, body="Two.")
    later()
    send_due()
    first, second = smtp.to("alice")
    assert first["References"] == second["References"] == second["In-Reply-To"]
    assert first["Message-ID"] != second["Message-ID"]
    assert Delivery.objects.filter(message_id=first["Message-ID"]).exists()
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"thread-{thread.pk}." in first["List-Id"]


def test_a_mail_can_be_answered_where_mail_is_taken_in(smtp, alice, bob, thread, settings):
    settings.REPLY_ADDRESS = "reply@mail.example.com"
    post_reply(bob, thread, body="One.")
    send_due()
    (mail,) = smtp.to("alice")
    assert mail["Reply-To"].startswith("reply+")
    assert text_of(mail).startswith("Write above this line")


GONE = ("skipped", "gone")


@pytest.mark.parametrize(
    "what", ["hidden", "deleted", "thread hidden", "archived", "private", "held", "held reply"]
)
def test_what_is_gone_before_it_is_sent_is_not_sent(smtp, alice, bob, charlie, mo, thread, what):
    subscribe(charlie, thread)
    post = post_reply(bob, thread, body="Words that were regretted.")
    now = timezone.now()
    match what:
        case "hidden":
            hide_post(mo, post)
        case "deleted":
            delete_post(bob, post)
        case "thread hidden":
            hide_thread(mo, thread)
        case "archived":
            archive_thread(mo, thread)
        case "private":
            make_private(mo, thread)
        case "held":
            type(thread).objects.filter(pk=thread.pk).update(hidden_at=now, held_at=now)
        case _:
            Post.objects.filter(pk=post.pk).update(hidden_at=now, held_at=now)
    send_due()
    assert smtp.to("charlie") == []
    assert reasons(charlie) == [GONE]
    (of_the_reply,) = Delivery.objects.filter(profile=alice, kind="reply").values_list("state", "reason")
    assert of_the_reply == (("sent", "") if what == "private" else GONE)


def test_one_of_two_replies_that_is_deleted_leaves_the_other(smtp, alice, bob, thread):
    gone = post_reply(bob, thread, body="Regretted.")
    post_reply(bob, thread, body="Kept.")
    delete_post(bob, gone)
    send_due()
    (mail,) = smtp.to("alice")
    assert "Kept." in text_of(mail)
    assert "Regretted." not in mail.as_string()
    assert reasons(alice) == [("skipped", "gone"), ("sent", "")]


def test_banned_unverified_and_kept_apart_people_get_no_mail(smtp, person, bob, thread, monkeypatch):
    cases = {name: person(name) for name in ("dora", "erik", "faye", "gary")}
    for one in cases.values():
        subscribe(one, thread)
    post_reply(bob, thread, body="One.")
    cases["dora"].user.is_active = False
    cases["dora"].user.save()
    cases["erik"].user.emailaddress_set.update(verified=False)
    bob.restricted_until = timezone.now() + timedelta(days=1)
    bob.save()
    set_preference(cases["gary"], "reply", email=False)
    monkeypatch.setattr(
        hooks, "no_contacts", lambda who: frozenset({cases["faye"].pk}) if who == bob else frozenset()
    )
    send_due()
    assert [recipients for recipients, _mail in smtp.mails] == [["alice@example.com"]]
    found = {name: reasons(one)[0][1] for name, one in cases.items()}
    assert found == {"dora": "suspended", "erik": "unverified", "faye": "apart", "gary": "preference"}


def test_a_bell_turned_off_meanwhile_is_off(smtp, alice, bob, thread):
    post_reply(bob, thread, body="One.")
    unsubscribe(alice, thread)
    send_due()
    assert smtp.mails == []
    assert reasons(alice) == [("skipped", "unsubscribed")]


def test_a_mention_is_told_once_and_by_one_road(smtp, alice, bob, charlie, thread):
    post = post_reply(bob, thread, body="Ask @charlie-example or @alice-example about it.")
    edit_post(bob, post, body="Ask @charlie-example or @alice-example about it!")
    send_due()
    assert "mentioned you" in text_of(*smtp.to("charlie"))
    assert "mentioned you" in text_of(*smtp.to("alice"))
    assert [one.kind for one in notifications_of(alice)] == ["mention"]


def test_an_edit_tells_whom_it_names_first(smtp, bob, charlie, thread):
    post = post_reply(bob, thread, body="Somebody knows.")
    edit_post(bob, post, body="@charlie-example knows.")
    send_due()
    assert len(smtp.to("charlie")) == 1


def test_the_bell_still_rings_for_who_wants_no_mail_about_mentions(smtp, alice, bob, thread):
    set_preference(alice, "mention", email=False)
    post_reply(bob, thread, body="Look, @alice-example.")
    send_due()
    assert "answered your question" in text_of(*smtp.to("alice"))


def test_the_helper_hears_of_every_solution(smtp, alice, bob, thread, reply):
    send_due()
    mark_solution(alice, reply)
    send_due()
    (mail,) = smtp.to("bob")
    assert "Alice Example marked your reply as the solution" in text_of(mail)
    other = ask(alice, topic=thread.topic, subject="And another?", body="Yes.")
    mark_solution(alice, post_reply(bob, other, body="This way."))
    send_due()
    assert len(smtp.to("bob")) == 2


def test_marking_the_same_reply_again_notifies_nobody_within_a_day(smtp, alice, bob, thread, reply):
    mark_solution(alice, reply)
    send_due()
    for _again in range(2):
        clear_solution(alice, thread)
        mark_solution(alice, reply)
        later()
        send_due()
    assert len(smtp.to("bob")) == 1
    assert [one.kind for one in notifications_of(bob)] == ["solution"]
    earlier = timezone.now() - timedelta(days=2)
    notifications_of(bob).update(
        created_at=earlier, source_key=f"post:{reply.pk}:solved:{int(earlier.timestamp())}"
    )
    Delivery.objects.filter(profile=bob).update(created_at=earlier, sent_at=earlier)
    clear_solution(alice, thread)
    mark_solution(alice, reply)
    assert notifications_of(bob).filter(kind="solution").count() == 2


def test_a_solution_unmarked_meanwhile_is_not_told(smtp, alice, bob, thread, reply):
    send_due()
    mark_solution(alice, reply)
    clear_solution(alice, thread)
    send_due()
    assert smtp.to("bob") == []


def test_a_decision_about_a_post_is_told_with_its_reason(smtp, bob, mo, thread, reply):
    hide_post(mo, reply, reason="It names a customer.")
    later()
    send_due()
    (mail,) = smtp.to("bob")
    assert mail["Subject"].strip() == "Your reply in “Why is the export empty?” was hidden"
    assert "It names a customer." in text_of(mail)
    assert "List-Unsubscribe" not in mail
    assert "Check the filter" not in mail.as_string()


def test_moderators_can_have_every_post_of_a_topic(smtp, alice, bob, mo, topic):
    set_topic_delivery(mo, topic, "each")
    thread = ask(alice, topic=topic, subject="A new one", body="Just asked.")
    send_due()
    assert "Alice Example asked a question" in text_of(*smtp.to("mo"))
    post_reply(bob, thread, body="Just answered.")
    later()
    send_due()
    assert "Just answered." in text_of(smtp.to("mo")[1])
    assert not notifications_of(mo).exists()


def test_every_post_means_once_a_post_and_a_muted_thread_stays_mute(smtp, alice, bob, mo, topic, thread):
    set_topic_delivery(mo, topic, "each")
    subscribe(mo, thread)
    post_reply(bob, thread, body="One.")
    send_due()
    assert len(smtp.to("mo")) == 1
    unsubscribe(mo, thread)
    post_reply(bob, thread, body="Two.")
    later()
    send_due()
    assert len(smtp.to("mo")) == 1


def test_who_is_no_moderator_any_more_stops_getting_every_post(smtp, alice, mo, topic):
    set_topic_delivery(mo, topic, "each")
    ask(alice, topic=topic, subject="A new one", body="Just asked.")
    mo.role = "member"
    mo.save()
    send_due()
    assert smtp.to("mo") == []


def test_a_moved_thread_keeps_its_bells_and_gets_those_of_the_new_topic(
    smtp, alice, bob, mo, tess, thread, board
):
    set_topic_delivery(mo, thread.topic, "each")
    set_topic_delivery(tess, board, "each")
    move_thread(mo, thread, topic=board)
    post_reply(bob, thread, body="Over here.")
    send_due()
    assert "Over here." in text_of(smtp.to("alice")[-1])
    assert "Over here." in text_of(*smtp.to("tess"))
    assert smtp.to("mo") == []


def test_a_merged_thread_brings_its_bells_along_and_takes_them_back(smtp, alice, bob, charlie, mo, thread):
    duplicate = ask(charlie, topic=thread.topic, subject="Empty export?", body="Same here.")
    merge_thread(mo, duplicate, into=thread)
    post_reply(bob, thread, body="For both of you.")
    send_due()
    assert any("For both of you." in text_of(mail) for mail in smtp.to("charlie"))
    unmerge_thread(mo, duplicate)
    post_reply(bob, thread, body="For one.")
    later()
    send_due()
    assert not any("For one." in text_of(mail) for mail in smtp.to("charlie"))


def test_an_archived_thread_keeps_its_bells_for_when_it_is_back(smtp, alice, bob, mo, thread):
    archive_thread(mo, thread)
    unarchive_thread(mo, thread)
    post_reply(bob, thread, body="It goes on.")
    send_due()
    assert any("It goes on." in text_of(mail) for mail in smtp.to("alice"))


def test_a_confidential_thread_is_told_to_its_asker_and_the_team_only(smtp, alice, bob, charlie, mo, topic):
    set_topic_delivery(mo, topic, "each")
    thread = ask(
        alice, topic=topic, subject="Between us", body="@charlie-example must not know.", private=True
    )
    send_due()
    assert smtp.to("charlie") == []
    assert len(smtp.to("mo")) == 1
    post_reply(mo, thread, body="Of course.")
    send_due()
    assert len(smtp.to("alice")) == 1


def test_a_batch_takes_as_many_queries_however_many_mails_are_made(
    smtp, person, bob, thread, django_assert_max_num_queries
):
    people = [person(f"m{n}") for n in range(12)]
    for one in people[:1]:
        subscribe(one, thread)
    post_reply(bob, thread, body="One.")
    from profiles.mail import deliveries

    with django_assert_max_num_queries(14):
        deliveries.compose_batches(deliveries.claim_due())
    for one in people:
        subscribe(one, thread)
    Delivery.objects.all().delete()
    post_reply(bob, thread, body="Two.")
    with django_assert_max_num_queries(14):
        assert len(deliveries.compose_batches(deliveries.claim_due())[1]) == 13
