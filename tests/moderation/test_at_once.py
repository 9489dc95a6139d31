"""Fifty moderators and authors act on one thread at once: nothing breaks, the log is complete, and the state is what it says."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection

from community.audit.models import LogEntry
from community.audit.queries import broken_entries
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Post, Thread, Topic

pytestmark = pytest.mark.django_db(transaction=True)
ACTORS = int(os.environ.get("HEARTH_ACTORS", "50"))
ROUNDS = int(os.environ.get("HEARTH_ROUNDS", "1"))
STATES = {
    "archived_at": ("thread.archived", "thread.restored"),
    "locked_at": ("thread.locked", "thread.unlocked"),
    "pinned_at": ("thread.pinned", "thread.unpinned"),
    "deleted_at": ("thread.deleted", "thread.undeleted"),
    "merged_into_id": ("thread.merged", "thread.unmerged"),
}


def test_fifty_at_once_leave_a_whole_log_and_a_true_state(person, alice, bob, mo, topic, as_):
    thread = ask(alice, topic=topic, subject="Everybody’s thread", body="Text.", tags=["csv"])
    replies = [post_reply(bob, thread, body=f"Reply {number}.") for number in range(5)]
    other = ask(bob, topic=topic, subject="The other", body="Text.")
    board = Topic.objects.create(group=topic.group, name="Board", slug="board", solutions_enabled=False)
    team = [mo, *(person(f"m{number}", role="moderator") for number in range(4))]
    tool, page = f"/moderation/threads/{thread.pk}/", f"/questions/{thread.slug}/reply/"
    forms = [
        *((mo_tool, {"do": do, "reason": "At once", "confirmed": "yes"}) for mo_tool in [tool] for do in (
            "archive", "unarchive", "lock", "unlock", "pin", "unpin", "hide", "show", "delete", "undelete", "make-private",
            "make-public", "unmerge",
        )),
        (tool, {"do": "move", "topic": board.slug, "confirmed": "yes"}), (tool, {"do": "move", "topic": topic.slug}),
        (tool, {"do": "retag", "tags": "one two"}), (tool, {"do": "retag", "tags": "csv"}),
        (tool, {"do": "merge", "into": str(other.pk)}),
        *((f"/moderation/posts/{reply.pk}/", {"do": state}) for reply in replies[:3] for state in ("hide", "show")),
    ]  # fmt: skip
    mine = [
        (page, {"body": "One more."}), (f"/questions/post/{replies[0].pk}/edit/", {"body": "Edited."}),
        (f"/questions/post/{replies[4].pk}/delete/", {}), (f"/questions/post/{replies[3].pk}/vote/", {"vote": "on"}),
        (f"/questions/post/{replies[1].pk}/solution/", {"solution": "on"}),
    ]  # fmt: skip
    jobs = []
    for number in range(ACTORS * ROUNDS):
        if number % 5 == 4:
            jobs.append((alice if number % 2 else bob, *mine[(number // 5) % len(mine)]))
        else:
            jobs.append((team[number % len(team)], *forms[(number * 7) % len(forms)]))
    browsers = [as_(who) for who, _path, _form in jobs]
    barrier = Barrier(ACTORS)

    def act(number):
        browser, (_who, path, form) = browsers[number], jobs[number]
        browser.raise_request_exception = False
        try:
            if number < ACTORS:
                barrier.wait(60)
            return browser.post(path, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(ACTORS) as pool:
        answers = list(pool.map(act, range(len(jobs))))
    assert [status for status in answers if status >= 500] == []
    assert list(broken_entries()) == []
    thread = Thread.objects.get(pk=thread.pk)
    entries = LogEntry.objects.filter(target=f"thread:{thread.pk}").order_by("-id")
    for field, (on, off) in STATES.items():
        last = entries.filter(action__in=(on, off)).first()
        moved = (
            field == "pinned_at" and entries.filter(action="thread.moved").exists()
        )  # moving takes the pin off
        if last is not None and not moved:
            assert bool(getattr(thread, field)) == (last.action == on), field
    for reply in Post.objects.filter(pk__in=[one.pk for one in replies[:3]]):
        last = (
            LogEntry.objects.filter(target=f"post:{reply.pk}", action__in=("post.hidden", "post.shown"))
            .order_by("-id")
            .first()
        )
        assert bool(reply.hidden_at) == (last is not None and last.action == "post.hidden")
    call_command("recount", "--check")
