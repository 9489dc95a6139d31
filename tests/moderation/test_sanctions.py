"""The ladder: each step says what it says, holds as long as it says, and is undone whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community.lib.errors import Conflict
from forums.actions.posts import edit_post, post_reply
from forums.actions.threads import ask
from forums.actions.votes import vote
from forums.models import Post, Thread, Vote
from moderation.actions.sanctions import NewSanction, lift_sanction, sanction
from moderation.models import Effect, Report, Sanction
from moderation.tasks import end_bans
from points.queries.ledger import balance_of


def step(kind="warning", **fields):
    words = {"explanation": "You went after a person, not the problem.", "skip_reason": "It was a threat."}
    return NewSanction(**{"kind": kind, "rule": "kind", **words, **fields})


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def run(act, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **kwargs)

    return run


def test_a_correction_is_a_letter_and_nothing_else(committed, mo, bob, thread, mailoutbox):
    committed(sanction, mo, bob, step("correction"))
    mail = mailoutbox[0]
    assert mail.to == ["bob@example.com"]
    assert all(
        words in mail.body for words in ("You went after a person", "Be kind", "/appeals/", "private note")
    )
    assert "Mo Example" not in mail.body
    post_reply(bob, thread, body="I can still write.")


def test_a_warning_keeps_two_people_apart_both_ways(
    committed, mo, bob, alice, charlie, thread, topic, mailoutbox
):
    theirs = ask(bob, topic=topic, subject="Mine", body="My own question.")
    committed(sanction, mo, bob, step(apart=[alice], days=30))
    bob.refresh_from_db()
    alice.refresh_from_db()
    for who, where, body in (
        (bob, thread, "Me again."),
        (alice, theirs, "Me again."),
        (bob, theirs, f"Listen @{alice.handle}"),
    ):
        with pytest.raises(PermissionDenied, match="no-contact order"):
            post_reply(who, where, body=body)
    with pytest.raises(PermissionDenied, match="no-contact order"):
        ask(alice, topic=topic, subject="About you", body=f"Hello @{bob.handle}")
    mine = post_reply(bob, theirs, body="Talking to myself.")
    with pytest.raises(PermissionDenied, match="no-contact order"):
        edit_post(bob, mine, body=f"Talking to @{alice.handle}.")
    post_reply(charlie, thread, body="Others go on.")
    to_alice = next(mail.body for mail in mailoutbox if mail.to == ["alice@example.com"])
    assert "Bob" in to_alice and "went after" not in to_alice


def test_apart_ends_with_the_term(mo, bob, alice, thread):
    given = sanction(mo, bob, step(apart=[alice], days=1))
    Sanction.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    given.no_contacts.update(ends_at=timezone.now() - timedelta(seconds=1))
    bob.refresh_from_db()
    post_reply(bob, thread, body="It is over.")


def test_a_warning_can_limit_posts_a_day_or_pause_them(mo, bob, thread):
    sanction(mo, bob, step(posts_per_day=2))
    bob.refresh_from_db()
    post_reply(bob, thread, body="One.")
    post_reply(bob, thread, body="Two.")
    with pytest.raises(PermissionDenied, match="2 posts per day"):
        post_reply(bob, thread, body="Three.")
    sanction(mo, bob, step(posts_per_day=0))
    with pytest.raises(PermissionDenied, match="paused"):
        post_reply(bob, thread, body="Four.")


def test_a_temporary_ban_lifts_itself(mo, bob):
    sanction(mo, bob, step("temporary_ban", days=3))
    bob.user.refresh_from_db()
    assert not bob.user.is_active
    end_bans()
    bob.user.refresh_from_db()
    assert not bob.user.is_active
    Sanction.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    end_bans()
    end_bans()
    bob.user.refresh_from_db()
    assert bob.user.is_active


def test_the_account_opens_when_the_last_ban_is_over(mo, tess, bob):
    short = sanction(mo, bob, step("temporary_ban", days=3))
    long = sanction(tess, bob, step("temporary_ban", days=30))
    lift_sanction(mo, short, reason="Too long ago.")
    bob.user.refresh_from_db()
    assert not bob.user.is_active
    lift_sanction(mo, long, reason="Enough.")
    bob.user.refresh_from_db()
    assert bob.user.is_active


def test_lifting_a_ban_leaves_an_account_closed_that_was_closed_before(mo, sam):
    given = sanction(mo, sam, step("temporary_ban", days=3))
    lift_sanction(mo, given, reason="A mistake.")
    sam.user.refresh_from_db()
    assert not sam.user.is_active


@pytest.mark.parametrize("content", ["hidden", "removed"])
def test_a_ban_takes_content_and_votes_and_lifting_brings_all_back(
    committed, mo, bob, alice, charlie, thread, reply, topic, content
):
    theirs = ask(bob, topic=topic, subject="Spam here", body="Buy it.")
    vote(bob, thread.posts.get(number=1))
    earned = balance_of(bob.pk)
    before = (Vote.objects.count(), Thread.objects.get(pk=thread.pk).reply_count, topic_count(topic))
    given = committed(sanction, mo, bob, step("permanent_ban", content=content, drop_votes=True))
    assert not Post.objects.visible_to(charlie).filter(author=bob).exists()
    assert not Thread.objects.visible_to(None).filter(pk=theirs.pk).exists()
    assert (Vote.objects.count(), Thread.objects.get(pk=thread.pk).vote_count) == (0, 0)
    assert balance_of(bob.pk) == 0
    assert Sanction.objects.get().effects_at is not None
    committed(lift_sanction, mo, given, reason="It was somebody else.")
    assert (Vote.objects.count(), Thread.objects.get(pk=thread.pk).reply_count, topic_count(topic)) == before
    assert Thread.objects.visible_to(None).filter(pk=theirs.pk).exists()
    assert balance_of(bob.pk) == earned
    assert not Effect.objects.exists()
    bob.refresh_from_db()
    assert bob.deactivated_at is None


def topic_count(topic):
    topic.refresh_from_db()
    return topic.thread_count


def test_removed_pages_are_gone_hidden_ones_are_not_found(committed, as_, mo, bob, charlie, topic):
    first = ask(bob, topic=topic, subject="First", body="Buy it.")
    browser, guest = as_(charlie), as_(None)
    given = committed(sanction, mo, bob, step("permanent_ban", content="hidden"))
    assert guest.get(first.get_absolute_url()).status_code == 404
    committed(lift_sanction, mo, given, reason="Removed instead.")
    assert guest.get(first.get_absolute_url()).status_code == 200
    committed(sanction, mo, bob, step("permanent_ban", content="removed"))
    for path in (first.get_absolute_url(), bob.get_absolute_url()):
        assert [one.get(path).status_code for one in (browser, guest)] == [410, 410]
    assert as_(mo).get(first.get_absolute_url()).status_code == 200


def test_a_sanction_from_a_report_closes_it_and_hides_the_post_if_asked(report, mo, bob, reply):
    given = sanction(mo, bob, step(hide=True), report=report)
    reply.refresh_from_db()
    report.refresh_from_db()
    assert (given.report, report.outcome, reply.hidden_by) == (report, "sanctioned", mo)
    with pytest.raises(Conflict):
        sanction(mo, bob, step(), report=report)
    assert (Sanction.objects.count(), Report.objects.count()) == (1, 1)


def test_a_sanction_from_a_report_leaves_the_post_unless_asked(report, mo, bob, reply, committed, mailoutbox):
    committed(sanction, mo, bob, step("correction"), report=report)
    reply.refresh_from_db()
    assert reply.hidden_at is None
    to_author, to_reporter = (
        next(one.body for one in mailoutbox if one.to == [f"{name}@example.com"]) for name in ("bob", "alice")
    )
    assert "no longer shown" not in to_author + to_reporter


def test_nobody_acts_on_themselves_or_those_above(mo, tess, root, cleo, bob, alice):
    for actor, target in ((mo, mo), (mo, root), (cleo, bob), (bob, alice), (None, alice), (root, root)):
        with pytest.raises(PermissionDenied):
            sanction(actor, target, step())
    with pytest.raises(PermissionDenied):
        sanction(mo, bob, step(apart=[root]))
    given = sanction(root, mo, step())
    with pytest.raises(PermissionDenied):
        lift_sanction(mo, given, reason="I like me.")
    sanction(tess, mo, step())


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "hanging"}, {"rule": "boredom"}, {"explanation": " \u202e "}, {"explanation": "x" * 4001}, {"days": 0},
        {"days": 9999}, {"kind": "correction", "content": "removed"}, {"kind": "permanent_ban", "posts_per_day": 3},
        {"posts_per_day": -1}, {"evidence": ["javascript:alert(1)"]}, {"evidence": ["/a/"] * 11},
        {"kind": "permanent_ban", "content": "burnt"},
    ],
)  # fmt: skip
def test_a_step_that_makes_no_sense_is_refused_in_words(mo, bob, fields):
    with pytest.raises(ValidationError):
        sanction(mo, bob, step(**fields))
    assert not Sanction.objects.exists()
