"""Who is notified of what in the forum, all in one place; `profiles` stores preferences and delivers.

A post notifies a person once: as a mention, else as a reply in a thread they follow, else as a post of a
topic of which they follow every post.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.verbs import NOTICES
from forums.models import Post, Thread
from forums.reply_address import reply_address
from profiles.actions.notifications import notify, notify_found
from profiles.models import Delivery, DeliveryState, Notification, Profile, Role
from profiles.notification_visibility import register_visibility
from profiles.notifications import Kind, add_kind
from profiles.permissions import MODERATORS

REPLY, MENTION, SOLUTION, TOPIC_POST, MODERATED = "reply", "mention", "solution", "topic-post", "moderated"
RESOLUTION = "resolution"
DIGEST, PREVIEW = "digest", "digest-preview"
GROUP_SECONDS = 300
SOLUTION_AGAIN_AFTER = timedelta(days=1)

# Who is notified of a post, and as what: those it mentions; followers of the thread (even if mentioned,
# when they want no e-mail about mentions); those who follow every post of the topic. Whoever unfollowed the
# thread is not notified for the topic either. Of a private thread only its asker and the team are notified.
WHO = """
SELECT p.id, r.kind, r.group_key
FROM (SELECT profile_id FROM forums_mention WHERE post_id = %(post)s
      UNION SELECT profile_id FROM forums_threadsubscription WHERE thread_id = %(thread)s AND muted_at IS NULL
      UNION SELECT profile_id FROM forums_topicsubscription WHERE topic_id = %(topic)s AND delivery = 'each') found
JOIN profiles_profile p ON p.id = found.profile_id
LEFT JOIN forums_mention m ON m.post_id = %(post)s AND m.profile_id = p.id
LEFT JOIN forums_threadsubscription s ON s.thread_id = %(thread)s AND s.profile_id = p.id
LEFT JOIN profiles_notificationpreference n ON n.profile_id = p.id AND n.kind = 'mention'
CROSS JOIN LATERAL (VALUES
  ('mention', '', m.profile_id IS NOT NULL),
  ('reply', %(together)s, s.profile_id IS NOT NULL AND s.muted_at IS NULL AND (m.profile_id IS NULL OR n.email IS FALSE)),
  ('topic-post', %(together)s, m.profile_id IS NULL AND s.profile_id IS NULL)
) r (kind, group_key, holds)
WHERE r.holds AND (NOT %(private)s OR p.id = %(asker)s OR p.role = ANY(%(team)s))"""
NAMED_BY_EDIT = (
    "SELECT x.id, x.kind, x.group_key FROM ({who}) x (id, kind, group_key) WHERE x.id = ANY(%(named)s)"
)


def register() -> None:
    """Add the forum's kinds of notification and what their unsubscribe links turn off."""
    from forums import digests, emails, scopes

    posts = emails.compose_posts
    add_kind(
        Kind(
            REPLY,
            gettext_lazy("Replies in threads you follow"),
            group_seconds=GROUP_SECONDS,
            compose=posts,
        )
    )
    add_kind(Kind(MENTION, gettext_lazy("Mentions of you"), compose=posts))
    add_kind(
        Kind(
            SOLUTION,
            gettext_lazy("Your reply marked as the solution"),
            group_seconds=GROUP_SECONDS,
            compose=emails.compose_solutions,
        )
    )
    add_kind(
        Kind(
            TOPIC_POST,
            gettext_lazy("Every post in topics you follow"),
            least_role=Role.MODERATOR,
            mail_only=True,
            group_seconds=GROUP_SECONDS,
            compose=posts,
        )
    )
    add_kind(
        Kind(
            MODERATED,
            gettext_lazy("Moderation of your posts"),
            fixed=True,
            group_seconds=GROUP_SECONDS,
            first_waits=True,
            compose=emails.compose_decisions,
        )
    )
    add_kind(
        Kind(
            DIGEST,
            gettext_lazy("The daily digest"),
            mail_only=True,
            bulk=True,
            compose=digests.compose_digests,
        )
    )
    preview = gettext_lazy("Digest preview")
    add_kind(Kind(PREVIEW, preview, mail_only=True, fixed=True, compose=digests.compose_digests))
    resolution = gettext_lazy("Reminders to mark a solution")
    add_kind(Kind(RESOLUTION, resolution, compose=emails.compose_resolutions))
    register_visibility("post", _posts_kept)
    register_visibility("thread", _threads_kept)
    scopes.register()


def notify_new_post(post: Post) -> None:
    """Notify followers and those mentioned of a post that is shown for the first time.

    Part of its transaction.
    """
    _notify_found(post, WHO, [MENTION, REPLY, TOPIC_POST])


def notify_mentions(post: Post, profile_ids: set[int]) -> None:
    """Notify those whom an edit mentions for the first time."""
    if profile_ids and not (post.hidden_at or post.deleted_at):
        _notify_found(post, NAMED_BY_EDIT.replace("{who}", WHO), [MENTION], named=sorted(profile_ids))


def notify_solution(post: Post, actor: Profile) -> None:
    """Notify the author of the solution; marking the same reply again within a day notifies nobody again."""
    thread, since = post.thread, timezone.now() - SOLUTION_AGAIN_AFTER
    mailed = Delivery.objects.filter(
        profile=post.author_id, kind=SOLUTION, group_key=f"post:{post.pk}", created_at__gt=since
    )
    told = Notification.objects.filter(
        profile=post.author_id,
        kind=SOLUTION,
        source_key__startswith=f"post:{post.pk}:solved:",
        created_at__gt=since,
    )
    if told.exists() or mailed.exclude(state=DeliveryState.SKIPPED).exists():
        return
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


def notify_resolution_asked(thread: Thread, post: Post) -> None:
    """Ask the asker whether `post`, the newest reply of a helper, solved it."""
    notify(
        [thread.author_id],
        RESOLUTION,
        source_key=f"thread:{thread.pk}:after:{post.pk}",
        title=_("Did this solve it? %(subject)s") % {"subject": thread.subject},
        url=thread.get_absolute_url(),
        facts={"post": post.pk, "thread": thread.pk},
    )


_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def without_notice(silent: bool) -> Iterator[None]:
    """Notify no author of the decisions taken inside, if `silent`: a moderator tidying up chose so."""
    token = _silent.set(silent)
    try:
        yield
    finally:
        _silent.reset(token)


def notify_decision(
    actor: Profile | None, action: str, thread: Thread, post: Post | None = None, *, reason: str = ""
) -> None:
    """Notify the author of what a moderator did with their post or thread, and why.

    Some actions notify nobody.

    Everything done within five minutes goes in one e-mail; what is undone within them is left out.
    """
    about = post if post is not None and post.number > 1 else thread
    sentence = NOTICES.get(action)
    if not sentence or _silent.get() or (actor is not None and actor.pk == about.author_id):
        return
    target = f"post:{about.pk}" if isinstance(about, Post) else f"thread:{about.pk}"
    notify(
        [about.author_id],
        MODERATED,
        source_key=f"{target}:{action}:{timezone.now().timestamp():.3f}",
        title=str(sentence) % {"subject": thread.subject},
        url=about.get_absolute_url(),
        group_key=MODERATED,
        facts={"thread": thread.pk, "action": action, "reason": reason},
    )


def reply_address_of(delivery: Delivery) -> str | None:
    """Return where an answer to this mail goes: into its thread, or nowhere."""
    thread_id = delivery.facts.get("thread") if delivery.kind in (REPLY, MENTION, TOPIC_POST) else None
    return reply_address(delivery.profile_id, int(thread_id)) if thread_id else None


def _notify_found(post: Post, people: str, kinds: list[str], **given: object) -> None:
    thread = post.thread
    values = {
        "post": post.pk, "thread": thread.pk, "topic": thread.topic_id, "asker": thread.author_id,
        "together": f"thread:{thread.pk}", "private": thread.private_at is not None, "team": [role.value for role in MODERATORS],
    }  # fmt: skip
    notify_found(
        people,
        {**values, **given},
        kinds,
        source_key=f"post:{post.pk}",
        title=thread.subject,
        url=post.get_absolute_url(),
        actor=post.author,
        facts={"post": post.pk, "thread": thread.pk},
    )


def _posts_kept(viewer: Profile, ids: set[int]) -> set[int]:
    posts = Post.objects.filter(pk__in=ids).exclude(pk__in=Post.objects.visible_to(viewer).filter(pk__in=ids))
    return set(posts.values_list("pk", flat=True))


def _threads_kept(viewer: Profile, ids: set[int]) -> set[int]:
    threads = Thread.objects.filter(pk__in=ids).exclude(
        pk__in=Thread.objects.visible_to(viewer).filter(pk__in=ids)
    )
    return set(threads.values_list("pk", flat=True))
