"""Notify members, and mark notifications as read or dismissed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Left, Replace
from django.utils import timezone

from community.lib.tasks import enqueue
from profiles.models import Delivery, Notification, Profile, Role
from profiles.models.notification import TITLE_LIMIT, URL_LIMIT
from profiles.models.user import RANK
from profiles.notifications import kind_of
from profiles.queries import forget_unread, forget_unread_counts, unread_of
from profiles.restrictions import apart_from
from profiles.tasks import send_mail

# One statement, however many members and kinds: who wants it, on the site and by e-mail; each source notifies
# once.
# An e-mail of a group waits when one was sent (or is due) less than `wait` ago, or always where the first
# waits too;
# whatever waits goes together.
# {people} is a query for (profile_id, kind, group_key); rows of an unknown kind notify nobody.
NOTIFY_SQL = """
WITH kinds AS (
  SELECT * FROM unnest(%(kinds)s::text[], %(in_app)s::bool[], %(email)s::bool[], %(fixed)s::bool[], %(suspended)s::bool[],
                       %(mail_only)s::bool[], %(wait)s::int[], %(first)s::bool[], %(rank)s::int[])
    AS k (kind, in_app, email, fixed, suspended, mail_only, wait, first_waits, rank)
), people (profile_id, kind, group_key) AS ({people}), told AS (
  SELECT p.id, k.kind, k.wait, x.group_key, k.first_waits AND x.group_key <> '' AS first_waits,
         coalesce(w.in_app, k.in_app) AND NOT k.mail_only AS in_app,
         coalesce(w.email, k.email) AS email, w.email IS FALSE AS refused
  FROM people x JOIN kinds k ON k.kind = x.kind JOIN profiles_profile p ON p.id = x.profile_id
  JOIN profiles_user u ON u.id = p.user_id AND (u.is_active OR k.suspended)
  LEFT JOIN profiles_notificationpreference w ON w.profile_id = p.id AND w.kind = k.kind AND NOT k.fixed
  WHERE p.id <> ALL(%(apart)s) AND NOT p.is_bot AND (p.deactivated_at IS NULL OR k.suspended)
    AND array_position(%(roles)s::text[], p.role::text) > k.rank
), noted AS (
  INSERT INTO profiles_notification (profile_id, kind, source_key, title, url, actor_id, created_at)
  SELECT id, kind, %(source)s, %(title)s, %(url)s, %(actor)s, %(now)s FROM told WHERE in_app ORDER BY id
  ON CONFLICT (profile_id, kind, source_key) DO NOTHING RETURNING profile_id
), mailed AS (
  INSERT INTO profiles_delivery (profile_id, kind, source_key, group_key, title, url, actor_id, facts, state, reason, detail,
                                 attempts, claim, message_id, provider_id, created_at, next_attempt_at)
  SELECT id, kind, %(source)s, told.group_key, %(title)s, %(url)s, %(actor)s, %(facts)s::jsonb,
         CASE WHEN email THEN 'queued' ELSE 'skipped' END, CASE WHEN email THEN '' ELSE 'preference' END, '', 0, '', '', '',
         %(now)s, CASE WHEN NOT email THEN NULL WHEN g.planned > %(now)s THEN g.planned
                       WHEN first_waits THEN %(now)s + make_interval(secs => wait)
                       ELSE greatest(%(now)s, g.last + make_interval(secs => wait)) END
  FROM told LEFT JOIN LATERAL (
    SELECT min(d.next_attempt_at) FILTER (WHERE d.state = 'queued') AS planned, max(coalesce(d.sent_at, %(now)s)) AS last
    FROM profiles_delivery d
    WHERE wait > 0 AND d.profile_id = told.id AND d.group_key = told.group_key AND d.group_key <> '' AND d.kind = told.kind
      AND (d.state IN ('queued', 'claimed') OR d.sent_at > %(now)s - make_interval(secs => wait))
  ) g ON true
  WHERE email OR refused ORDER BY id
  ON CONFLICT (profile_id, kind, source_key) DO NOTHING RETURNING next_attempt_at
)
SELECT (SELECT array_agg(profile_id) FROM noted), (SELECT count(next_attempt_at) FROM mailed)"""
NAMED = "SELECT unnest(%(ids)s::bigint[]), %(kind)s, %(group)s"
ROLES = sorted(Role, key=lambda role: RANK[role])


def notify(
    profiles: Iterable[Profile | int],
    kind: str,
    *,
    source_key: str,
    title: str,
    url: str,
    actor: Profile | None = None,
    group_key: str = "",
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Notify `profiles` once of `source_key`, on the site and by e-mail as each of them wants.

    Call it in the transaction of the action that caused it; again with the same kind and source it does
    nothing. The actor is never notified, nor is a bot, nor anyone with a no-contact order with the actor.
    `url` is a path of ours that opens the very place; `facts` holds ids and times for the kind's composer.
    Returns how many e-mails are queued.
    """
    ids = {one.pk if isinstance(one, Profile) else one for one in profiles}
    if not ids - {actor.pk if actor else None}:
        return 0
    given = {"ids": sorted(ids), "kind": kind, "group": group_key}
    return notify_found(
        NAMED, given, [kind], source_key=source_key, title=title, url=url, actor=actor, facts=facts
    )


def notify_found(
    people: str,
    given: Mapping[str, Any],
    kinds: Sequence[str],
    *,
    source_key: str,
    title: str,
    url: str,
    actor: Profile | None = None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Do as `notify` for those whom the query `people` finds: rows of profile's id, one of `kinds`, group.

    One statement.

    `given` are the query's values; their names must not be those of `NOTIFY_SQL`.
    """
    abouts = [kind_of(kind) for kind in kinds]
    values = {
        **given,
        "kinds": [about.key for about in abouts],
        "in_app": [about.in_app for about in abouts],
        "email": [about.email for about in abouts],
        "fixed": [about.fixed for about in abouts],
        "suspended": [about.even_suspended for about in abouts],
        "mail_only": [about.mail_only for about in abouts],
        "wait": [about.group_seconds for about in abouts],
        "first": [about.first_waits for about in abouts],
        "rank": [ROLES.index(about.least_role) for about in abouts],
        "roles": [role.value for role in ROLES],
        "apart": [actor.pk, *apart_from(actor)] if actor else [],
        "source": source_key,
        "title": _one_line(title)[:TITLE_LIMIT],
        "url": url[:URL_LIMIT],
        "actor": actor.pk if actor else None,
        "facts": json.dumps({name: _kept(value) for name, value in (facts or {}).items()}),
        "now": timezone.now(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NOTIFY_SQL.replace("{people}", people), values)
        noted, mails = cursor.fetchone()
        forget_unread_counts(noted or ())
        if mails:
            enqueue(send_mail, queue="mail")
    return int(mails)


def read_notifications(profile: Profile, ids: Iterable[int] | None = None) -> int:
    """Mark one's own notifications as read, all of them without `ids`. Returns how many were not."""
    rows = Notification.objects.filter(profile=profile).unread()
    return _change(profile, rows if ids is None else rows.filter(pk__in=list(ids)), read_at=timezone.now())


def read_sources(profile: Profile, things: Iterable[str]) -> int:
    """Mark what is about the `things` a page shows ("post:5") as read, because its reader sees them now.

    No statement when none of it is among the newest that are unread.
    """
    if not (keys := unread_of(profile).about(things)):
        return 0
    return _change(
        profile,
        Notification.objects.filter(profile=profile, source_key__in=keys).unread(),
        read_at=timezone.now(),
    )


def read_place(profile: Profile, path: str) -> int:
    """Mark what leads to the page at `path` as read, because its reader is there.

    No statement when nothing unread does.
    """
    unread = unread_of(profile)
    if not unread.is_cut and path not in unread.places:
        return 0
    rows = Notification.objects.filter(Q(url=path) | Q(url__startswith=f"{path}#"), profile=profile).unread()
    return _change(profile, rows, read_at=timezone.now())


def dismiss_notifications(profile: Profile, ids: Iterable[int] | None = None) -> int:
    """Take one's own notifications out of the list, all of them without `ids`. Returns how many."""
    rows = Notification.objects.filter(profile=profile).shown()
    rows = rows if ids is None else rows.filter(pk__in=list(ids))
    return _change(profile, rows, dismissed_at=timezone.now())


def undismiss_notification(profile: Profile, pk: int) -> int:
    """Undo `dismiss_notifications` for one."""
    rows = Notification.objects.filter(~Q(dismissed_at=None), profile=profile, pk=pk)
    return _change(profile, rows, dismissed_at=None)


def _change(profile: Profile, rows: Any, **values: Any) -> int:
    with transaction.atomic():
        changed: int = rows.update(**values)
        if changed:
            forget_unread(profile)
    return changed


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _kept(value: Any) -> Any:
    """Drop NUL, which PostgreSQL cannot store."""
    return value.replace("\x00", "") if isinstance(value, str) else value


def rename_told(url: str, url_now: str, title: str, title_now: str) -> None:
    """Replace title and URL in notifications and e-mails about pages under `url`.

    Reads both tables, so only for rare actions.
    """
    for model in (Notification, Delivery):
        rows = model._default_manager.filter(url__startswith=url, title__contains=title)
        rows.update(title=Left(Replace(F("title"), Value(title), Value(title_now)), TITLE_LIMIT))
        if url != url_now:
            model._default_manager.filter(url__startswith=url).update(
                url=Replace(F("url"), Value(url), Value(url_now))
            )
