"""A sanction hides the reported post only when asked, says so in its letter, and shows it again when it is lifted."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.audit.models import LogEntry
from forums.models import Post, Thread
from moderation.actions.appeals import appeal, decide_appeal
from moderation.actions.cases import decide_case
from moderation.actions.posts import hide_post, show_post
from moderation.actions.reports import report
from moderation.actions.sanctions import Step, lift_sanction, sanction
from moderation.models import Case, Evidence, Sanction
from moderation.tasks import end_bans
from moderation.things import find_thing


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def run(act, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **kwargs)

    return run


def step(kind="correction", *, hide=True, **fields):
    return Step(kind, "kind", "You went after a person.", hide=hide, skip_reason="It was a threat.", **fields)


def is_shown(post: Post) -> bool:
    return Post.objects.visible_to(None).filter(pk=post.pk).exists()


def another_case(bob, reply) -> Case:
    """A second report about a post that nobody sees any more, as by mail."""
    return Case.objects.create(
        source_key=f"post:{reply.pk}", title="A reply", subject=bob, due_at=timezone.now()
    )


def test_a_successful_appeal_shows_the_post_again(committed, case, mo, tess, bob, thread, reply):
    bob.refresh_from_db()
    before = (Thread.objects.get(pk=thread.pk).reply_count, bob.reply_count)
    given = committed(sanction, mo, bob, step(), case=case)
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
def test_lifting_any_sanction_shows_the_post_again(committed, case, mo, bob, reply, kind):
    given = committed(sanction, mo, bob, step(kind), case=case)
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert is_shown(reply)


def test_lifting_shows_a_thread_that_reports_had_hidden(committed, regular, mo, alice, thread):
    for place, name in enumerate(("rose", "ruth", "rita")):
        who = regular(name)
        case = report(
            who, find_thing("thread", thread.pk, who), reason="kind", address=f"192.0.2.{place}"
        ).case
    given = committed(sanction, mo, alice, step(), case=case)
    assert not Thread.objects.visible_to(None).filter(pk=thread.pk).exists()
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert Thread.objects.visible_to(None).filter(pk=thread.pk).exists()


def test_what_somebody_hid_before_stays_hidden_when_lifted(committed, case, mo, tess, bob, reply):
    hide_post(tess, reply)
    given = committed(sanction, mo, bob, step(), case=case)
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert not is_shown(reply)


def test_what_somebody_hid_by_hand_meanwhile_stays_hidden_when_lifted(committed, case, mo, tess, bob, reply):
    given = committed(sanction, mo, bob, step(), case=case)
    show_post(tess, reply)
    hide_post(tess, reply)
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert not is_shown(reply)


def test_a_post_two_sanctions_hide_is_shown_when_both_are_lifted(committed, case, mo, bob, reply):
    first = committed(sanction, mo, bob, step(), case=case)
    second = committed(sanction, mo, bob, step("warning"), case=another_case(bob, reply))
    committed(lift_sanction, mo, first, reason="A mistake.")
    assert not is_shown(reply)
    committed(lift_sanction, mo, second, reason="A mistake.")
    assert is_shown(reply)


def test_a_post_another_report_upheld_stays_hidden_when_lifted(committed, case, mo, bob, reply):
    given = committed(sanction, mo, bob, step(), case=case)
    decide_case(mo, another_case(bob, reply), outcome="hidden", reason="It shows an address.")
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert not is_shown(reply)


def test_a_post_of_somebody_banned_with_their_content_stays_hidden_when_lifted(
    committed, case, mo, bob, reply
):
    given = committed(sanction, mo, bob, step(), case=case)
    ban = committed(sanction, mo, bob, step("permanent_ban", hide=False, content="hidden"))
    committed(lift_sanction, mo, given, reason="A mistake.")
    assert not is_shown(reply)
    committed(lift_sanction, mo, ban, reason="A mistake.")
    assert is_shown(reply)


def test_the_end_of_a_ban_leaves_the_reported_post_hidden(committed, case, mo, bob, thread, reply):
    from forums.actions.posts import post_reply

    other = post_reply(bob, thread, body="Another reply.")
    committed(sanction, mo, bob, step("temporary_ban", content="hidden", days=3), case=case)
    assert not is_shown(other)
    Sanction.objects.update(ends_at=timezone.now())
    committed(end_bans)
    assert is_shown(other)
    assert not is_shown(reply)


def test_not_hiding_shows_what_reports_had_hidden(committed, regular, mo, bob, reply):
    for place, name in enumerate(("rose", "ruth", "rita")):
        who = regular(name)
        case = report(who, find_thing("post", reply.pk, who), reason="kind", address=f"192.0.2.{place}").case
    assert not is_shown(reply)
    committed(sanction, mo, bob, step(hide=False), case=case)
    assert is_shown(reply)


def test_a_report_is_upheld_without_hiding_the_post(committed, case, mo, reply, mailoutbox):
    committed(decide_case, mo, case, outcome="upheld", reason="He has changed it himself.")
    case.refresh_from_db()
    assert (case.outcome, is_shown(reply)) == ("upheld", True)
    assert [one.to for one in mailoutbox if "report" in one.subject] == [["alice@example.com"]]


def test_nothing_is_hidden_without_a_reported_post(mo, bob, alice):
    of_profile = report(alice, find_thing("profile", bob.pk, alice), reason="kind").case
    for case in (None, of_profile):
        with pytest.raises(ValidationError, match="no reported post"):
            sanction(mo, bob, step(), case=case)


def test_the_letter_names_the_post_and_what_happened_to_it(committed, case, mo, reply, bob, mailoutbox):
    committed(sanction, mo, bob, step(), case=case)
    (letter,) = (one.body for one in mailoutbox if one.to == ["bob@example.com"])
    assert case.title in letter and case.url in letter and case.excerpt[:40] in letter
    assert "no longer shown" in letter and "Alice" not in letter


def test_evidence_is_filled_from_the_report(case, mo, bob):
    sanction(mo, bob, step(), case=case)
    assert list(Evidence.objects.values_list("url", "title")) == [(case.url, case.title)]


def test_the_form_hides_the_post_only_when_ticked(as_, case, mo, bob, reply):
    browser, path = as_(mo), f"/moderation/sanctions/new/{bob.pk}/?report={case.pk}"
    form = browser.get(case.get_absolute_url()).content.decode()
    assert "Hide the reported post" in form and case.url in form.partition("Evidence")[2]
    asked = {
        "kind": "correction",
        "clause": "kind",
        "explanation": "You went after her.",
        "evidence": case.url,
    }
    assert "The reported post is not hidden." in browser.post(path, asked).content.decode()
    preview = browser.post(path, {**asked, "hide": "on"}).content.decode()
    assert "The reported post is hidden." in preview and case.title in preview
    browser.post(path, {**asked, "send": "1"})
    assert is_shown(reply)


def test_the_draft_of_the_message_is_not_sent_unfinished(as_, case, mo, bob):
    browser, path = as_(mo), f"/moderation/sanctions/new/{bob.pk}/?report={case.pk}"
    draft = "It is wrong. [Say what was wrong, and what would have been fine.]"
    assert draft.partition(" [")[2][:-1] in browser.get(path).content.decode()
    page = browser.post(path, {"kind": "correction", "clause": "kind", "explanation": draft, "send": "1"})
    assert (page.status_code, "Replace the part in brackets." in page.content.decode()) == (400, True)
    assert not Sanction.objects.exists()
