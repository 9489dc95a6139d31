"""Public tags: made by use, renamed and merged by moderators; old names redirect."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from community import pagecache
from community.audit import record
from forums.indexing import index_again
from forums.models import Tag, TagAlias, Thread
from forums.models.thread import TAGS_LIMIT
from profiles.models import Profile
from profiles.permissions import is_moderator

NAME_LIMIT = 40


def clean_tag_names(names: Iterable[str]) -> list[str]:
    """Return tag names as they are stored: lower case, hyphens, sorted, once each. Raises ValidationError."""
    cleaned: list[str] = []
    for name in names:
        slug = slugify(re.sub(r"[#./+_]+", "-", str(name)))[:NAME_LIMIT].strip("-")
        if slug and slug not in cleaned:
            cleaned.append(slug)
    if len(cleaned) > TAGS_LIMIT:
        raise ValidationError({"tags": _("Choose at most %(count)d tags.") % {"count": TAGS_LIMIT}})
    return sorted(cleaned)


def find_or_make(names: Iterable[str]) -> list[Tag]:
    """Return the tags of cleaned `names`, following old names, making those that are new."""
    names = list(names)
    if not names:
        return []
    current = dict(TagAlias.objects.filter(name__in=names).values_list("name", "tag__name"))
    wanted = sorted({current.get(name, name) for name in names})
    found = {tag.name: tag for tag in Tag.objects.filter(name__in=wanted)}
    missing = [name for name in wanted if name not in found]
    if missing:
        Tag.objects.bulk_create([Tag(name=name) for name in missing], ignore_conflicts=True)
        found |= {tag.name: tag for tag in Tag.objects.filter(name__in=missing)}
    return [found[name] for name in wanted]


def rename_tag(actor: Profile | None, tag: Tag, name: str) -> Tag:
    """Rename a tag; the old name redirects.

    Raises PermissionDenied, ValidationError when the name is taken.
    """
    _require_moderator(actor)
    names = clean_tag_names([name])
    if not names:
        raise ValidationError({"name": _("Use letters, digits and hyphens.")})
    new = names[0]
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag.pk)
        if new == tag.name:
            return tag
        if Tag.objects.filter(name=new).exists():
            raise ValidationError({"name": _("A tag with this name exists. Merge the two instead.")})
        old, tag.name = tag.name, new
        TagAlias.objects.filter(name=new).delete()
        tag.save(update_fields=["name"])
        TagAlias.objects.update_or_create(name=old, defaults={"tag": tag})
        _rewrite_names(tag)
        _note(actor, "tag.renamed", tag.pk, {"name": old}, {"name": new})
    return tag


def merge_tags(actor: Profile | None, source: Tag, into: Tag) -> Tag:
    """Give every thread of `source` the tag `into`, and let the old name redirect there."""
    _require_moderator(actor)
    if source.pk == into.pk:
        raise ValidationError({"into": _("Choose another tag to merge into.")})
    with transaction.atomic():
        locked = {
            tag.pk: tag
            for tag in Tag.objects.select_for_update().filter(pk__in=[source.pk, into.pk]).order_by("pk")
        }
        source, into = locked[source.pk], locked[into.pk]
        through = Thread.tags.through
        doubled = through.objects.filter(tag_id=into.pk).values("thread_id")
        through.objects.filter(tag_id=source.pk, thread_id__in=doubled).delete()
        through.objects.filter(tag_id=source.pk).update(tag_id=into.pk)
        TagAlias.objects.filter(tag=source).update(tag=into)
        old, gone = source.name, source.pk
        source.delete()
        TagAlias.objects.update_or_create(name=old, defaults={"tag": into})
        _rewrite_names(into)
        _note(actor, "tag.merged", gone, {"name": old}, {"into": into.pk})
    return into


def describe_tag(actor: Profile | None, tag: Tag, description: str) -> Tag:
    """Say what a tag is for."""
    _require_moderator(actor)
    with transaction.atomic():
        before: dict[str, object] = {"description": tag.description}
        tag.description = description.strip()
        tag.save(update_fields=["description"])
        _note(actor, "tag.described", tag.pk, before, {"description": tag.description})
    return tag


def delete_tag(actor: Profile | None, tag: Tag) -> None:
    """Take the tag off every thread and delete it."""
    _require_moderator(actor)
    with transaction.atomic():
        ids = list(Thread.objects.filter(tags=tag).values_list("pk", flat=True))
        gone, name = tag.pk, tag.name
        tag.delete()
        _write_names(ids)
        _note(actor, "tag.deleted", gone, {"name": name, "threads": len(ids)}, None)


def _require_moderator(actor: Profile | None) -> None:
    if not is_moderator(actor):
        raise PermissionDenied(_("Only moderators can change tags."))


def _note(
    actor: Profile | None,
    action: str,
    tag_id: int,
    before: dict[str, object],
    after: dict[str, object] | None,
) -> None:
    """Called last:

    `record` holds the chain until the end, and threads being archived wait for it with their rows locked.
    """
    record(action, actor_id=actor.pk if actor else None, target=f"tag:{tag_id}", before=before, after=after)
    pagecache.bump(pagecache.SITE, pagecache.LISTS)


def _rewrite_names(tag: Tag) -> None:
    _write_names(list(Thread.objects.filter(tags=tag).values_list("pk", flat=True)))
    tag.thread_count = Thread.objects.listed().filter(tags=tag).count()
    tag.save(update_fields=["thread_count"])


def _write_names(thread_ids: list[int]) -> None:
    """Copy the tags of `thread_ids` into their `tag_names`, one statement."""
    if not thread_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE forums_thread t SET tag_names = ARRAY(
                 SELECT g.name::varchar(40) FROM forums_thread_tags j JOIN forums_tag g ON g.id = j.tag_id
                 WHERE j.thread_id = t.id ORDER BY g.name)
               WHERE t.id = ANY(%s)""",
            [thread_ids],
        )
    index_again(thread_ids)
