"""The leak matrix: text in each hidden state × every surface × five roles is seen exactly by whom it should be.

A new surface is one line in the table of its kind, a new state one line in STATES. Each surface is asked before anything is
hidden, so that whatever it keeps is warm, and again afterwards. Words to look for are not the words searched for, so no page
shows them by echoing a query. Mail that was waiting, and the next digest, go out at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from forums.actions.digests import queue_digests
from forums.actions.posts import delete_post, edit_post, post_reply
from forums.actions.subscriptions import set_topic_delivery, subscribe
from forums.actions.threads import ask, delete_thread
from forums.actions.votes import vote
from forums.models import Post, Thread, Topic, TopicSubscription
from moderation.actions.posts import hide_post
from moderation.actions.reports import file_report
from moderation.actions.review import turn_down_post
from moderation.actions.sanctions import NewSanction, sanction
from moderation.actions.threads import archive_thread, hide_thread, make_private
from moderation.models import Report
from moderation.report_targets import find_target
from moderation.tasks import remind_moderators
from profiles.mail.deliveries import send_due
from profiles.models import Delivery, Profile

ROLES = ("guest", "stranger", "champion", "author", "moderator")
ALL, MINE, TEAM, NOBODY = (
    frozenset(ROLES),
    frozenset({"author", "moderator"}),
    frozenset({"moderator"}),
    frozenset(),
)
DOCS = "https://docs.example.com/install"
SUBJECT, BODY, OLD, REPLY, OLD_REPLY = (
    "zanzibarword",
    "quokkaword",
    "formerquoll",
    "wombatword",
    "formernumbat",
)
WHOLE, ONLY_REPLY = (SUBJECT, BODY, OLD, REPLY, OLD_REPLY), (REPLY, OLD_REPLY)
SPAM = "Best casino bonus, buy now at https://spin.casino or WhatsApp +1 202 555 0143"

# Pages of the thing itself: whoever saw the words and still may sees them.
THING = (
    "/questions/{slug}/", "/questions/{slug}/?quote=2", "/questions/{thread}/", "/questions/post/{opening}/",
    "/questions/post/{reply}/", "/questions/post/{opening}/history/", "/questions/post/{reply}/history/",
    "/questions/post/{opening}/edit/", "/questions/thread/{thread}/new/?after=1",
    "/moderation/report/thread/{thread}/", "/moderation/report/post/{reply}/", "/moderation/threads/{thread}/panel/",
    "/api/v1/threads/{thread}/", "/api/v1/threads/{thread}/posts/", "/api/v1/posts/{opening}/", "/api/v1/posts/{reply}/",
    "/api/v1/posts/{opening}/revisions/", "/api/v1/posts/{reply}/revisions/", "/cards/threads/{thread}.png",
    "/community/notifications/", "/api/v1/notifications/", "/settings/mail/log/", "/settings/subscriptions/",
    "/community/dashboard/", "/community/dashboard/?show=mine", "/community/dashboard/?show=topics",
    "/admin/forums/thread/", "/admin/forums/post/", "/admin/forums/thread/{thread}/change/", "/admin/forums/post/{reply}/change/",
)  # fmt: skip
# What closes for more reasons than sight: editing an archived thread, a picture for other sites, what is open in one's topics.
FEWER = frozenset(
    {"/questions/post/{opening}/edit/", "/cards/threads/{thread}.png"}
    | {one for one in THING if one.startswith("/community/dashboard/")}
)
TOLD = frozenset({"/community/notifications/", "/api/v1/notifications/", "/settings/mail/log/"})
# Lists, what is found and what is offered: what is hidden is in none of them, whoever asks.
LISTS = (
    "/", "/community/", "/questions/", "/questions/?sort=latest", "/questions/?sort=popular", "/questions/?tag=leaky",
    "/questions/topic/exports/", "/questions/{other}/", "/search/?q=kumquat", "/search/?q=parsnip", "/search/?q=turnip",
    "/search/?q=kumquat&type=posts", "/search/?q=parsnip&type=posts", "/search/?q=turnip&type=posts", "/search/?q=kumquats",
    "/search/suggest/?q=kumquat", "/questions/suggest/?kind=thread&q=kumquat", "/sitemap.xml", "/sitemap-threads-0.xml",
    "/feeds/threads.atom", "/feeds/topics/exports.atom", "/feeds/tags/leaky.atom", "/feeds/threads/{thread}.atom",
    "/embed/questions/?page=" + DOCS, "/api/v1/embed/threads/?docs_page=" + DOCS, "/api/v1/threads/?docs_page=" + DOCS,
    "/api/v1/threads/", "/api/v1/threads/?topic=exports", "/api/v1/threads/?author={author}", "/api/v1/search/?q=kumquat",
    "/api/v1/search/?q=turnip", "/api/v1/threads/similar/?q=kumquat overflow", "POST /questions/similar/",
    "/community/profiles/{author}/", "/community/profiles/{author}/?tab=discussions", "/community/profiles/{helper}/?tab=discussions",
    "/api/v1/profiles/{author}/discussions/", "/api/v1/profiles/{helper}/discussions/",
)  # fmt: skip
# Pages of the team: nobody else sees anything there.
STAFF = (
    "/moderation/review/",
    "/moderation/review/?show=recent",
    "/moderation/log/",
    "/moderation/reports/",
    "/admin/audit/logentry/",
)


@dataclass
class World:
    thread: Thread
    opening: Post
    reply: Post
    other: Thread
    mo: Profile
    people: dict[str, Profile | None]


@dataclass(frozen=True)
class Hiding:
    """`apply` puts the world into the state; its `words` are then for `sees` only."""

    apply: Callable[[World], object]
    words: tuple[str, ...]
    sees: frozenset[str]


# What everybody finds while nothing is hidden, by the words looked for: asked once for all states.
BEFORE: dict[tuple[str, ...], dict[str, frozenset[str]]] = {}
BAN = NewSanction(
    kind="permanent_ban",
    rule="spam",
    explanation="Nothing but advertising.",
    content="removed",
    skip_reason="It is a program.",
)
STATES = {
    "archived": Hiding(lambda w: archive_thread(w.mo, w.thread), WHOLE, ALL),
    "hidden": Hiding(lambda w: hide_thread(w.mo, w.thread), WHOLE, MINE),
    "deleted": Hiding(lambda w: delete_thread(w.mo, w.thread), WHOLE, TEAM),
    "held": Hiding(
        lambda w: edit_post(w.thread.author, w.opening, body=f"The parsnip {BODY}. {SPAM}"), WHOLE, MINE
    ),
    "turned down": Hiding(lambda w: turn_down_post(w.mo, w.opening, spam=True), WHOLE, MINE),
    "confidential": Hiding(lambda w: make_private(w.mo, w.thread), WHOLE, MINE),
    "removed with its banned author": Hiding(lambda w: sanction(w.mo, w.thread.author, BAN), WHOLE, TEAM),
    "reply hidden": Hiding(lambda w: hide_post(w.mo, w.reply), ONLY_REPLY, MINE),
    "reply deleted": Hiding(lambda w: delete_post(w.mo, w.reply), ONLY_REPLY, TEAM),
    "reply held": Hiding(
        lambda w: edit_post(w.reply.author, w.reply, body=f"Turnip {REPLY}. {SPAM}"), ONLY_REPLY, MINE
    ),
    "reply turned down": Hiding(lambda w: turn_down_post(w.mo, w.reply), ONLY_REPLY, MINE),
    "reply removed with its banned author": Hiding(
        lambda w: sanction(w.mo, w.reply.author, BAN), ONLY_REPLY, TEAM
    ),
}


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def run(act, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **kwargs)

    return run


@pytest.fixture
def world(alice, bob, charlie, cleo, mo, topic, settings):
    """Alice asks on a docs page, bob helps; charlie and cleo listen. Nothing is committed, so their mail is still waiting."""
    settings.EMBED_ORIGINS, settings.PAGE_CACHE_SECONDS = ["https://docs.example.com"], 60
    for person in (charlie, cleo):
        set_topic_delivery(person, topic, "digest")
    TopicSubscription.objects.update(created_at=timezone.now() - timedelta(days=2))
    subject, tags = f"Why does the kumquat overflow {SUBJECT}", ["leaky"]
    thread = ask(
        alice, topic=topic, subject=subject, body=f"The parsnip is empty {OLD}.", tags=tags, docs_page=DOCS
    )
    opening = edit_post(alice, thread.posts.get(number=1), body=f"The parsnip is empty {BODY}.")
    for person in (charlie, cleo):
        subscribe(person, thread)
    reply = post_reply(bob, thread, body=f"Turn the turnip {OLD_REPLY} @{alice.handle}.")
    reply = edit_post(bob, reply, body=f"Turn the turnip {REPLY} @{alice.handle}.")
    vote(charlie, reply)
    other = ask(
        mo, topic=topic, subject="Another about the kumquat", body=f"See #{thread.pk} as well.", tags=tags
    )
    return World(
        thread,
        opening,
        reply,
        other,
        mo,
        {"guest": None, "stranger": charlie, "champion": cleo, "moderator": mo},
    )


def seen(
    world: World, as_: Any, words: tuple[str, ...], roles: tuple[str, ...] = ROLES
) -> dict[str, frozenset[str]]:
    """Return for each surface those of `roles` that find any of `words` on it."""
    browsers = {role: as_(world.people[role]) for role in roles}
    named = {
        "slug": world.thread.slug, "thread": world.thread.pk, "opening": world.opening.pk, "reply": world.reply.pk,
        "other": world.other.slug, "author": world.thread.author_id, "helper": world.reply.author_id,
    }  # fmt: skip
    found = {}
    for surface in (*THING, *LISTS, *STAFF):
        path, finders = surface.removeprefix("POST ").format(**named), set()
        for role, browser in browsers.items():
            given = {"subject": "kumquat overflow", "body": "parsnip turnip"}
            answer = (
                browser.post(path, given) if surface.startswith("POST ") else browser.get(path, follow=True)
            )
            assert answer.status_code < 500, (path, role)
            picture = answer["Content-Type"].startswith("image/") and SUBJECT in words
            text = answer.content.decode(errors="replace")
            if picture or any(word in text for word in words):
                finders.add(role)
        found[surface] = frozenset(finders)
    return found


@pytest.mark.parametrize("name", STATES)
def test_hidden_text_is_seen_exactly_by_whom_it_should_be(name, world, as_, committed):
    state = STATES[name]
    world.people["author"] = world.reply.author if state.words is ONLY_REPLY else world.thread.author
    # The first state of its kind asks as everybody; later ones as a guest, which is whom pages are kept for.
    warm = seen(world, as_, state.words, roles=("guest",) if state.words in BEFORE else ROLES)
    before = BEFORE.setdefault(state.words, warm)
    committed(state.apply, world)
    after = seen(world, as_, state.words)
    wrong = []
    for surface, roles in after.items():
        wanted = (
            before[surface] & state.sees if surface in THING else roles & TEAM if surface in STAFF else NOBODY
        )
        if surface in TOLD:  # what was decided about something of one's own is said to oneself
            wanted |= roles & MINE
        if roles != wanted and not (surface in FEWER and roles - MINE < wanted | MINE):
            wrong.append(f"{surface}: {sorted(roles)}, not {sorted(wanted)}")
    assert wrong == [], "\n".join(wrong)
    send_due(bulk=False)
    queue_digests(now=timezone.now() + timedelta(days=1))
    send_due(bulk=True)
    strangers = {
        f"{world.people[role].user.email}" for role in ("stranger", "champion") if role not in state.sees
    }
    told = [
        one
        for one in mail.outbox
        if strangers & set(one.to) and any(word in f"{one.subject}\n{one.message()}" for word in state.words)
    ]
    assert told == []


def test_the_surfaces_do_show_the_words_while_nothing_is_hidden(world, as_):
    """A surface that never shows them would prove nothing."""
    world.people["author"] = world.thread.author
    found = seen(world, as_, WHOLE)
    silent = {
        "/questions/thread/{thread}/new/?after=1", "/search/?q=kumquat&type=posts", "/search/?q=kumquats", "/sitemap.xml", "/questions/{other}/",
        *STAFF,
    }  # fmt: skip
    assert {surface for surface, roles in found.items() if not roles} <= silent


def test_who_reported_is_named_on_no_surface_and_in_no_mail(world, as_, person, committed):
    """Not to the person concerned, not to those who decide, and not in what tells them of the work."""
    reporter = person("zebuperson")
    world.people["author"] = world.reply.author
    committed(
        file_report, reporter, find_target("post", world.reply.pk, reporter), reason="kind", note="Not kind."
    )
    Report.objects.update(due_at=timezone.now() + timedelta(minutes=30))
    committed(remind_moderators)
    report = Report.objects.get()
    Delivery.objects.filter(state="queued").update(next_attempt_at=timezone.now())
    send_due()
    found = seen(world, as_, ("zebuperson", "Zebuperson"))
    assert {surface: roles for surface, roles in found.items() if roles} == {}
    assert "zebuperson" not in as_(world.mo).get(report.get_absolute_url()).content.decode().lower()
    to_others = [one for one in mail.outbox if one.to != [reporter.user.email]]
    assert [one.to for one in to_others if one.to == [world.mo.user.email]]
    assert [
        one.subject for one in to_others if "zebuperson" in f"{one.subject}\n{one.message()}".lower()
    ] == []


def test_what_waits_from_the_start_was_never_seen_by_others(world, as_, alice, topic):
    Topic.objects.filter(pk=topic.pk).update(review_threads=True)
    topic.refresh_from_db()
    thread = ask(
        alice,
        topic=topic,
        subject="The kumquat overflow ibexword",
        body="parsnip turnip ibexword",
        tags=["leaky"],
        docs_page=DOCS,
    )
    held = World(
        thread,
        thread.posts.get(number=1),
        thread.posts.get(number=1),
        world.other,
        world.mo,
        {**world.people, "author": alice},
    )
    found = seen(held, as_, ("ibexword",))
    assert [surface for surface, roles in found.items() if roles - MINE] == []
    assert found["/questions/{slug}/"] == MINE
    assert found["/moderation/review/"] == TEAM
    assert [surface for surface in LISTS if found[surface]] == []
