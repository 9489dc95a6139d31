"""A sanction hides the reported post only when asked, says so in its letter, and shows it again when it is lifted."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.audit.models import LogEntry
from forums.models import Post, Thread
from moderation.actions.appeals import appeal, decide_appeal
from moderation.actions.decisions import decide_report
from moderation.actions.posts import hide_post, show_post
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, lift_sanction, sanction
from moderation.forms import TO_REPLACE
from moderation.models import Evidence, Report, Sanction
from moderation.report_targets import find_target
from moderation.tasks import end_bans


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def run(act, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **kwargs)

    return run


def step(kind="correction", *, hide=True, **fields):
    return NewSanction(
        kind, "kind", "You went after a person.", hide=hide, skip_reason="It was a threat.", **fields
    )


def is_shown(post: Post) -> bool:
    return Post.objects.visible_to(None).filter(pk=post.pk).exists()


def another_case(bob, reply) -> Report:
    """A second report about a post that nobody sees any more, as by mail."""
    return Report.objects.create(
        source_key=f"post:{reply.pk}", title="A reply", subject=bob, due_at=timezone.now()
    )


def test_a_successful_appeal_shows_the_post_again(committed, report, mo, tess, bob, thread, reply):
    bob.refresh_from_db()
    before = (Thread.objects.get(pk=thread.pk).reply_count, bob.reply_count)
    given = committed(sanction, mo, bob, step(), report=report)
    assert not is_shown(reply)
    committed(
        decide_appeal,
        tess,
        appeal(given, text="It was a quotation."),
        outcome="lifted",
        answer="You are right.",
    )
    assert is_shown(reply)
    bob.refresh_from_db()
    assert (Thread.objects.get(pk=thread.pk).reply_count, bob.reply_count) == before
    entry = LogEntry.objects.get(action="post.shown", target=f"post:{reply.pk}")
    assert (entry.actor_id, entry.detail.reason) == (tess.pk, "You are right.")


@pytest.mark.parametrize("kind", ["correction", "warning", "temporary_ban", "permanent_ban"])
def test_lifting_any_sanction_shows_the_post_again(committed, report, mo, bob, reply, kind):
    given = committed(sanction, mo, bob, step(kind), report=report)
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert is_shown(reply)


def test_lifting_shows_a_thread_that_reports_had_hidden(committed, regular, mo, alice, thread):
    for place, name in enumerate(("rose", "ruth", "rita")):
        who = regular(name)
        report = file_report(
            who, find_target("thread", thread.pk, who), reason="kind", address=f"192.0.2.{place}"
        ).report
    given = committed(sanction, mo, alice, step(), report=report)
    assert not Thread.objects.visible_to(None).filter(pk=thread.pk).exists()
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert Thread.objects.visible_to(None).filter(pk=thread.pk).exists()


def test_what_somebody_hid_before_stays_hidden_when_lifted(committed, report, mo, tess, bob, reply):
    hide_post(tess, reply)
    given = committed(sanction, mo, bob, step(), report=report)
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert not is_shown(reply)


def test_what_somebody_hid_by_hand_meanwhile_stays_hidden_when_lifted(
    committed, report, mo, tess, bob, reply
):
    given = committed(sanction, mo, bob, step(), report=report)
    show_post(tess, reply)
    hide_post(tess, reply)
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert not is_shown(reply)


def test_a_post_two_sanctions_hide_is_shown_when_both_are_lifted(committed, report, mo, bob, reply):
    first = committed(sanction, mo, bob, step(), report=report)
    second = committed(sanction, mo, bob, step("warning"), report=another_case(bob, reply))
    committed(lift_sanction, mo, first, reason="A mistake.")
    assert not is_shown(reply)
    committed(lift_sanction, mo, second, reason="A mistake.")
    assert is_shown(reply)


def test_a_post_another_report_upheld_stays_hidden_when_lifted(committed, report, mo, bob, reply):
    given = committed(sanction, mo, bob, step(), report=report)
    decide_report(mo, another_case(bob, reply), outcome="hidden", reason="It shows an address.")
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert not is_shown(reply)


def test_a_post_of_somebody_banned_with_their_content_stays_hidden_when_lifted(
    committed, report, mo, bob, reply
):
    given = committed(sanction, mo, bob, step(), report=report)
    ban = committed(sanction, mo, bob, step("permanent_ban", hide=False, content="hidden"))
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert not is_shown(reply)
    committed(lift_sanction, mo, ban, reason="A mistake.")
    assert is_shown(reply)


def test_the_end_of_a_ban_leaves_the_reported_post_hidden(committed, report, mo, bob, thread, reply):
    from forums.actions.posts import post_reply

    other = post_reply(bob, thread, body="Another reply.")
    committed(sanction, mo, bob, step("temporary_ban", content="hidden", days=3), report=report)
    assert not is_shown(other)
    Sanction.objects.update(ends_at=timezone.now())
    committed(end_bans)
    assert is_shown(other)
    assert not is_shown(reply)


def test_not_hiding_shows_what_reports_had_hidden(committed, regular, mo, bob, reply):
    for place, name in enumerate(("rose", "ruth", "rita")):
        who = regular(name)
        report = file_report(
            who, find_target("post", reply.pk, who), reason="kind", address=f"192.0.2.{place}"
        ).report
    assert not is_shown(reply)
    committed(sanction, mo, bob, step(hide=False), report=report)
    assert is_shown(reply)


def test_a_report_is_upheld_without_hiding_the_post(committed, report, mo, reply, mailoutbox):
    committed(decide_report, mo, report, outcome="upheld", reason="He has changed it himself.")
    report.refresh_from_db()
    assert (report.outcome, is_shown(reply)) == ("upheld", True)
    assert [one.to for one in mailoutbox if "report" in one.subject] == [["alice@example.com"]]


def test_nothing_is_hidden_without_a_reported_post(mo, bob, alice):
    of_profile = file_report(alice, find_target("profile", bob.pk, alice), reason="kind").report
    for report in (None, of_profile):
        with pytest.raises(ValidationError, match="no reported post"):
            sanction(mo, bob, step(), report=report)


def test_the_letter_names_the_post_and_what_happened_to_it(committed, report, mo, reply, bob, mailoutbox):
    committed(sanction, mo, bob, step(), report=report)
    (letter,) = (one.body for one in mailoutbox if one.to == ["bob@example.com"])
    assert report.title in letter and report.url in letter and report.excerpt[:40] in letter
    assert "The reported post is hidden from others." in letter and "Alice" not in letter


def test_evidence_is_filled_from_the_report(report, mo, bob):
    sanction(mo, bob, step(), report=report)
    assert list(Evidence.objects.values_list("url", "title")) == [(report.url, report.title)]


def test_the_form_hides_the_post_only_when_ticked(as_, report, mo, bob, reply):
    browser, path = as_(mo), f"/moderation/sanctions/new/{bob.pk}/?report={report.pk}"
    form = browser.get(report.get_absolute_url()).content.decode()
    assert "Hide the reported post" in form and report.url in form.partition("Evidence")[2]
    asked = {
        "kind": "correction",
        "rule": "kind",
        "explanation": "You went after her.",
        "evidence": report.url,
    }
    assert "The reported post is not hidden." in browser.post(path, asked).content.decode()
    preview = browser.post(path, {**asked, "hide": "on"}).content.decode()
    assert "The reported post is hidden." in preview and report.title in preview
    browser.post(path, {**asked, "send": "1"})
    assert is_shown(reply)


def test_the_draft_of_the_message_is_not_sent_unfinished(as_, report, mo, bob):
    browser, path = as_(mo), f"/moderation/sanctions/new/{bob.pk}/?report={report.pk}"
    draft = f"It is wrong. {TO_REPLACE}"
    assert str(TO_REPLACE) in browser.get(path).content.decode()
    page = browser.post(path, {"kind": "correction", "rule": "kind", "explanation": draft, "send": "1"})
    assert (page.status_code, "Replace the text in brackets." in page.content.decode()) == (400, True)
    assert not Sanction.objects.exists()
