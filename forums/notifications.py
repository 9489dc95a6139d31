"""Who hears about what in the forum. The only page that says so; `profiles` stores, prefers and delivers.

One post reaches a person by one road: as a mention, else as a reply in a thread whose bell is on, else as a post of a
topic of which they want every post.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.models import Post, Thread
from forums.reply_address import reply_address
from profiles.actions.notifications import notify
from profiles.models import Delivery, Profile, Role
from profiles.notifications import Kind, add_kind
from profiles.permissions import MODERATORS

REPLY, MENTION, SOLUTION, TOPIC_POST, MODERATED = "reply", "mention", "solution", "topic-post", "moderated"
DIGEST, PREVIEW = "digest", "digest-preview"
GROUP_SECONDS = 300

# Of everybody who may hear of a post: is named in it (and wants no mail about that), has the thread's bell on, wants every
# post of the topic. A bell that was turned off wins over the topic's. Of a confidential thread only the team hears.
WHO = """
SELECT p.id, m.profile_id IS NOT NULL, w.email IS FALSE, s.profile_id IS NOT NULL AND s.muted_at IS NULL,
       t.profile_id IS NOT NULL AND s.muted_at IS NULL
FROM (SELECT profile_id FROM forums_mention WHERE post_id = %(post)s
      UNION SELECT profile_id FROM forums_threadsubscription WHERE thread_id = %(thread)s AND muted_at IS NULL
      UNION SELECT profile_id FROM forums_topicsubscription WHERE topic_id = %(topic)s AND delivery = 'each') told
JOIN profiles_profile p ON p.id = told.profile_id
LEFT JOIN forums_mention m ON m.post_id = %(post)s AND m.profile_id = p.id
LEFT JOIN forums_threadsubscription s ON s.thread_id = %(thread)s AND s.profile_id = p.id
LEFT JOIN forums_topicsubscription t ON t.topic_id = %(topic)s AND t.profile_id = p.id AND t.delivery = 'each'
LEFT JOIN profiles_notificationpreference w ON w.profile_id = p.id AND w.kind = 'mention'
WHERE p.id <> %(author)s AND (NOT %(private)s OR p.id = %(asker)s OR p.role = ANY(%(team)s))"""


def register() -> None:
    """Add the forum's kinds of notification and what their unsubscribe links turn off."""
    from forums import digests, letters, scopes

    posts = letters.compose_posts
    add_kind(Kind(REPLY, gettext_lazy("Replies in threads whose bell is on"), group_seconds=GROUP_SECONDS, compose=posts))
    add_kind(Kind(MENTION, gettext_lazy("Somebody mentions you"), compose=posts))
    add_kind(
        Kind(
            SOLUTION,
            gettext_lazy("Your reply is chosen as the solution"),
            group_seconds=GROUP_SECONDS,
            compose=letters.compose_solutions,
        )
    )
    add_kind(
        Kind(
            TOPIC_POST,
            gettext_lazy("Every post in topics you chose"),
            least_role=Role.MODERATOR,
            mail_only=True,
            group_seconds=GROUP_SECONDS,
            compose=posts,
        )
    )
    add_kind(Kind(MODERATED, gettext_lazy("A decision about your post"), fixed=True, compose=letters.compose_decisions))
    add_kind(Kind(DIGEST, gettext_lazy("The daily digest"), mail_only=True, bulk=True, compose=digests.compose_digests))
    preview = gettext_lazy("A preview of the digest")
    add_kind(Kind(PREVIEW, preview, mail_only=True, fixed=True, compose=digests.compose_digests))
    scopes.register()


@dataclass(frozen=True)
class Listener:
    """Somebody who may hear of a post, and why."""

    profile_id: int
    mentioned: bool
    wants_no_mention_mail: bool
    bell: bool
    every_post: bool


def tell_of_post(post: Post) -> None:
    """Tell everybody who wants to hear of a post that is shown for the first time. Part of its transaction."""
    listeners = _listeners(post)
    mentioned = [one.profile_id for one in listeners if one.mentioned]
    # Who is named and wants no mail about that still gets the mail their bell promises.
    bells = [one.profile_id for one in listeners if one.bell and (not one.mentioned or one.wants_no_mention_mail)]
    every = [one.profile_id for one in listeners if one.every_post and not one.bell and not one.mentioned]
    for ids, kind in ((mentioned, MENTION), (bells, REPLY), (every, TOPIC_POST)):
        if ids:
            _tell(post, ids, kind)


def tell_of_mentions(post: Post, profile_ids: set[int]) -> None:
    """Tell those whom an edit names for the first time."""
    if profile_ids and not (post.hidden_at or post.deleted_at):
        _tell(post, [one.profile_id for one in _listeners(post) if one.profile_id in profile_ids], MENTION)


def tell_of_solution(post: Post, actor: Profile) -> None:
    """Tell who wrote the solution, every time one is chosen; marking it again in a moment does not mail again at once."""
    thread = post.thread
    when = int((thread.solved_at or timezone.now()).timestamp())
    notify(
        [post.author_id],
        SOLUTION,
        source_key=f"post:{post.pk}:solved:{when}",
        title=thread.subject,
        url=post.get_absolute_url(),
        actor=actor,
        group_key=f"post:{post.pk}",
        facts={"post": post.pk, "thread": thread.pk},
    )


def tell_of_decision(actor: Profile | None, action: str, thread: Thread, post: Post | None = None, *, reason: str = "") -> None:
    """Tell the author what a moderator did with their post or thread, and why. Nothing for actions that need no telling."""
    about = post if post is not None and post.number > 1 else thread
    sentence = _sentence(action)
    if not sentence or (actor is not None and actor.pk == about.author_id):
        return
    target = f"post:{about.pk}" if isinstance(about, Post) else f"thread:{about.pk}"
    notify(
        [about.author_id],
        MODERATED,
        source_key=f"{target}:{action}:{timezone.now().timestamp():.3f}",
        title=sentence % {"subject": thread.subject},
        url=about.get_absolute_url(),
        facts={"thread": thread.pk, "action": action, "reason": reason},
    )


def reply_address_of(delivery: Delivery) -> str | None:
    """Return where an answer to this mail goes: into its thread, or nowhere."""
    thread_id = delivery.facts.get("thread") if delivery.kind in (REPLY, MENTION, TOPIC_POST) else None
    return reply_address(delivery.profile_id, int(thread_id)) if thread_id else None


def _listeners(post: Post) -> list[Listener]:
    thread = post.thread
    values = {
        "post": post.pk, "thread": thread.pk, "topic": thread.topic_id, "author": post.author_id, "asker": thread.author_id,
        "private": thread.private_at is not None, "team": [role.value for role in MODERATORS],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WHO, values)
        return [Listener(*row) for row in cursor.fetchall()]


def _tell(post: Post, profile_ids: list[int], kind: str) -> None:
    thread = post.thread
    notify(
        profile_ids,
        kind,
        source_key=f"post:{post.pk}",
        title=thread.subject,
        url=post.get_absolute_url(),
        actor=post.author,
        group_key="" if kind == MENTION else f"thread:{thread.pk}",
        facts={"post": post.pk, "thread": thread.pk},
    )


def _sentence(action: str) -> str:
    return {
        "thread.hidden": _("Your thread “%(subject)s” was hidden"),
        "thread.shown": _("Your thread “%(subject)s” is shown again"),
        "thread.archived": _("Your thread “%(subject)s” was archived"),
        "thread.restored": _("Your thread “%(subject)s” is back from the archive"),
        "thread.locked": _("Your thread “%(subject)s” was closed for replies"),
        "thread.unlocked": _("Your thread “%(subject)s” is open for replies again"),
        "thread.moved": _("Your thread “%(subject)s” was moved to another topic"),
        "thread.merged": _("Your thread “%(subject)s” was merged into another with the same question"),
        "thread.deleted": _("Your thread “%(subject)s” was deleted"),
        "thread.undeleted": _("Your thread “%(subject)s” is back"),
        "thread.made-private": _("Your thread “%(subject)s” is now between you and the team"),
        "thread.made-public": _("Your thread “%(subject)s” is now public"),
        "thread.approved": _("Your thread “%(subject)s” is shown to everybody now"),
        "thread.turned-down": _("Your thread “%(subject)s” is not shown"),
        "post.approved": _("Your reply in “%(subject)s” is shown to everybody now"),
        "post.turned-down": _("Your reply in “%(subject)s” is not shown"),
        "post.hidden": _("Your reply in “%(subject)s” was hidden"),
        "post.shown": _("Your reply in “%(subject)s” is shown again"),
        "post.deleted": _("Your reply in “%(subject)s” was deleted"),
        "post.undeleted": _("Your reply in “%(subject)s” is back"),
    }.get(action, "")
