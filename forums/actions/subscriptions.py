"""What a member has read and follows, and “I have this too”."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community import pagecache
from forums import counters, permissions
from forums.actions.changing import locked
from forums.models import MeToo, Thread, ThreadSubscription, Topic, TopicDelivery, TopicSubscription
from profiles.models import Profile
from profiles.permissions import is_moderator


def mark_read(profile: Profile, thread: Thread, number: int) -> None:
    """Remember that `profile` has read up to post `number`; never goes back. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO forums_threadread (profile_id, thread_id, number, read_at) VALUES (%s, %s, %s, now())
               ON CONFLICT (profile_id, thread_id) DO UPDATE SET number = EXCLUDED.number, read_at = now()
               WHERE forums_threadread.number < EXCLUDED.number""",
            [profile.pk, thread.pk, number],
        )


def mark_all_read(profile: Profile) -> None:
    """Mark all threads as read."""
    profile.read_all_before = timezone.now()
    profile.save(update_fields=["read_all_before"])


def follow(profile: Profile, thread: Thread) -> None:
    """Follow a thread by asking or replying, unless the person unfollowed it."""
    ThreadSubscription.objects.bulk_create(
        [ThreadSubscription(profile=profile, thread=thread)], ignore_conflicts=True
    )


def take_part(profile: Profile, thread: Thread, number: int) -> None:
    """Do what follows for somebody from replying:

    `follow`, `mark_read`, and their draft is done with. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH followed AS (INSERT INTO forums_threadsubscription (profile_id, thread_id, created_at)
                 VALUES (%(profile)s, %(thread)s, now()) ON CONFLICT DO NOTHING),
               done AS (DELETE FROM forums_draft WHERE profile_id = %(profile)s AND key = %(draft)s)
               INSERT INTO forums_threadread (profile_id, thread_id, number, read_at)
                 VALUES (%(profile)s, %(thread)s, %(number)s, now())
               ON CONFLICT (profile_id, thread_id) DO UPDATE SET number = EXCLUDED.number, read_at = now()
               WHERE forums_threadread.number < EXCLUDED.number""",
            {"profile": profile.pk, "thread": thread.pk, "number": number, "draft": f"thread:{thread.pk}"},
        )


def subscribe(profile: Profile | None, thread: Thread) -> None:
    """Follow a thread."""
    profile = permissions.require_writer(profile)
    ThreadSubscription.objects.update_or_create(profile=profile, thread=thread, defaults={"muted_at": None})


def unsubscribe(profile: Profile | None, thread: Thread) -> None:
    """Unfollow a thread, for good: replying does not follow it again."""
    if profile is None:
        raise PermissionDenied(_("Sign in first."))
    ThreadSubscription.objects.update_or_create(
        profile=profile, thread=thread, defaults={"muted_at": timezone.now()}
    )


def set_topic_deliveries(profile: Profile | None, chosen: Mapping[str, str]) -> None:
    """Choose how several topics are followed, by slug; only what differs is written.

    Raises ValidationError.
    """
    if profile is None:
        raise PermissionDenied(_("Sign in first."))
    if not set(chosen.values()) <= set(TopicDelivery.values):
        raise ValidationError(_("Choose every post, the daily digest, or not following."))
    now = dict(TopicSubscription.objects.filter(profile=profile).values_list("topic__slug", "delivery"))
    changed = {slug: one for slug, one in chosen.items() if one != now.get(slug, TopicDelivery.NONE)}
    with transaction.atomic():
        for topic in Topic.objects.filter(slug__in=changed):
            set_topic_delivery(profile, topic, changed[topic.slug])


def set_topic_delivery(profile: Profile | None, topic: Topic, delivery: str) -> str:
    """Choose how a topic is followed: none, digest, or each (moderators and up)."""
    if profile is None:
        raise PermissionDenied(_("Sign in first."))
    chosen = TopicDelivery(delivery)
    if chosen == TopicDelivery.EACH and not is_moderator(profile):
        raise PermissionDenied(_("Only the team can follow every post. Choose the daily digest."))
    with transaction.atomic():
        row = TopicSubscription.objects.select_for_update().filter(profile=profile, topic=topic).first()
        if row is None:
            values = {"delivery": chosen, "created_at": timezone.now()}
            TopicSubscription.objects.update_or_create(profile=profile, topic=topic, defaults=values)
        elif row.delivery != chosen:
            # A digest lists what was asked since the topic was followed, so following it again starts anew.
            started = timezone.now() if row.delivery == TopicDelivery.NONE else row.created_at
            row.delivery, row.created_at = chosen, started
            row.save(update_fields=["delivery", "created_at"])
    return chosen.value


def ensure_topic_delivery(profile: Profile, topic: Topic) -> None:
    """Follow a topic by daily digest, unless it is followed already."""
    if (
        not TopicSubscription.objects.filter(profile=profile, topic=topic)
        .exclude(delivery=TopicDelivery.NONE)
        .exists()
    ):
        set_topic_delivery(profile, topic, TopicDelivery.DIGEST)


def add_me_too(profile: Profile | None, thread: Thread) -> int:
    """Say “I have this too”: counts once, and subscribes. Returns the new count."""
    profile = permissions.require_writer(profile)
    with transaction.atomic():
        thread = locked(thread.pk)
        if not thread.is_question or thread.author_id == profile.pk or not counters.is_listed(thread):
            raise PermissionDenied(_("You can only say this about other people’s open questions."))
        if MeToo.objects.get_or_create(profile=profile, thread=thread)[1]:
            _move_me_too(thread, 1)
            follow(profile, thread)
    return thread.me_too_count


def remove_me_too(profile: Profile | None, thread: Thread) -> int:
    """Take “I have this too” back. Returns the new count."""
    profile = permissions.require_writer(profile)
    with transaction.atomic():
        thread = locked(thread.pk)
        if MeToo.objects.filter(profile=profile, thread=thread).delete()[0]:
            _move_me_too(thread, -1)
    return thread.me_too_count


def _move_me_too(thread: Thread, by: int) -> None:
    Thread.objects.filter(pk=thread.pk).update(me_too_count=F("me_too_count") + by)
    thread.me_too_count += by
    pagecache.bump(pagecache.thread_part(thread.slug))
