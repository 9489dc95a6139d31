"""Many moderators and authors on one thread at once: no crash, a whole log, and a state that is what the log says.

`HEARTH_CROWD=50` runs it at full size.
"""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from community.audit.models import LogEntry
from forums.actions.posts import post_reply
from forums.models import Post
from moderation.actions.reports import file_report
from moderation.models import Report, Sanction
from moderation.report_targets import find_target

CROWD, ROUNDS = int(os.environ.get("HEARTH_CROWD", "10")), 5
SWITCHES = {"archived": "restored", "locked": "unlocked", "pinned": "unpinned", "hidden": "shown"}
TOOLS = ["archive", "unarchive", "lock", "unlock", "pin", "unpin", "hide", "show", "move", "retag"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd(person):
    """Half moderators, half authors, each with a browser."""
    people = [
        person(f"crowd{number}", role="moderator" if number % 2 else "member") for number in range(CROWD)
    ]
    browsers = []
    for one in people:
        browser = Client(raise_request_exception=False)
        browser.force_login(one.user, backend="profiles.backends.ProfileBackend")
        browsers.append((one, browser))
    return browsers


def _moderate(browser, chance, thread, posts, reports, authors):
    post, report = chance.choice(posts), chance.choice(reports)
    step = {"kind": "correction", "rule": "kind", "explanation": "Kinder.", "send": "1"}
    return chance.choice(
        [
            lambda: browser.post(
                f"/moderation/threads/{thread.pk}/",
                {
                    "do": chance.choice(TOOLS),
                    "topic": chance.choice(["exports", "show-and-tell"]),
                    "tags": "one two",
                    "reason": "So.",
                    "confirmed": "yes",
                },
            ),
            lambda: browser.post(f"/moderation/posts/{post}/", {"do": chance.choice(["hide", "show"])}),
            lambda: browser.post(f"/moderation/reports/{report}/claim/", {"do": "claim"}),
            lambda: browser.post(
                f"/moderation/reports/{report}/decide/",
                {"do": chance.choice(["dismiss", "hide"]), "reason": "So."},
            ),
            lambda: browser.post(f"/moderation/sanctions/new/{chance.choice(authors)}/", step),
            lambda: browser.post(
                f"/moderation/sanctions/new/{chance.choice(authors)}/?report={report}", step
            ),
        ]
    )()


def _take_part(browser, chance, thread, posts):
    post = chance.choice(posts)
    return chance.choice(
        [
            lambda: browser.post(f"/questions/{thread.slug}/reply/", {"body": f"Reply {chance.random()}"}),
            lambda: browser.post(f"/questions/post/{post}/vote/"),
            lambda: browser.post(f"/questions/post/{post}/delete/"),
            lambda: browser.post(f"/moderation/report/post/{post}/", {"reason": "kind", "note": "Look."}),
        ]
    )()


def test_no_crash_a_whole_log_and_a_true_state(crowd, thread, board, alice, bob):
    posts = [post_reply(bob, thread, body=f"Number {number}.").pk for number in range(6)]
    reports = [
        file_report(alice, find_target("post", pk, alice), reason="kind").report.pk for pk in posts[:3]
    ]
    authors = [one.pk for one, _browser in crowd if one.role == "member"]

    def act(member):
        (profile, browser), chance = member, random.Random(member[0].pk)
        try:
            return [
                (
                    _moderate(browser, chance, thread, posts, reports, authors)
                    if profile.role == "moderator"
                    else _take_part(browser, chance, thread, posts)
                ).status_code
                for _round in range(ROUNDS)
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        statuses = [status for row in pool.map(act, crowd) for status in row]
    assert sorted({status for status in statuses if status >= 500}) == []
    assert len(statuses) == CROWD * ROUNDS
    call_command("verify_log")
    call_command("recount", "--check")
    thread.refresh_from_db()
    for on, off in SWITCHES.items():
        _alternates(
            f"thread:{thread.pk}", f"thread.{on}", f"thread.{off}", standing=bool(getattr(thread, f"{on}_at"))
        )
    for post in Post.objects.filter(pk__in=posts):
        _alternates(f"post:{post.pk}", "post.hidden", "post.shown", standing=bool(post.hidden_at))
    decided = Report.objects.filter(decided_at__isnull=False).count()
    assert LogEntry.objects.filter(action="report.decided").count() == decided
    assert LogEntry.objects.filter(action="sanction.given").count() == Sanction.objects.count()


def _alternates(target, on, off, *, standing):
    """Every change is in the log, in its order: on, off, on …, up to how it stands."""
    done = list(
        LogEntry.objects.filter(target=target, action__in=[on, off])
        .order_by("id")
        .values_list("action", flat=True)
    )
    assert done == [(on, off)[place % 2] for place in range(len(done))]
    assert bool(len(done) % 2) == standing
