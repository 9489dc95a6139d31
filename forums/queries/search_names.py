"""People and tags by name, with typing mistakes forgiven."""

from __future__ import annotations

from django.db import connection

from community.lib.prepared import Prepared
from forums.models import Tag
from forums.words import QUERY_CHARACTERS, folded
from profiles.models import Profile

LOOKED_AT = 200
NAME_WORDS = 4
WORDS = 8

_seen = Prepared(lambda ids: Profile.objects.visible_to(None).filter(pk__in=ids).select_related("team"))
# Whom trigrams of the names find; the most alike of them first.
_ALIKE = f"""SELECT id FROM (
    SELECT id, lower(name) AS lower, reputation FROM profiles_profile
    WHERE deactivated_at IS NULL AND (lower(name) LIKE %(holds)s OR lower(handle) LIKE %(holds)s OR %(name)s <%% lower(name))
    LIMIT {LOOKED_AT}) likely
    ORDER BY word_similarity(%(name)s, lower) DESC, reputation DESC, id LIMIT %(limit)s"""
_TAGS = """SELECT * FROM forums_tag WHERE thread_count > 0
    AND (name %% %(whole)s OR name LIKE ANY(%(begins)s) OR id IN (SELECT tag_id FROM forums_tagalias WHERE name = ANY(%(words)s)))
    ORDER BY thread_count DESC, name LIMIT %(limit)s"""


def people(text: str, *, limit: int) -> list[Profile]:
    """Return people whose name or handle holds, or is nearly, what was typed: the most alike first.

    Nobody for more words than names have.
    """
    name = " ".join(text[:QUERY_CHARACTERS].replace("\x00", " ").lower().lstrip("@").split())
    if len(name) < 2 or name.count(" ") >= NAME_WORDS:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"name": name, "holds": f"%{_literal(name)}%", "limit": limit})
        ids = [pk for (pk,) in cursor.fetchall()]
    found = {one.pk: one for one in _seen(ids=ids)} if ids else {}
    return [found[pk] for pk in ids if pk in found]


def tags(text: str, *, limit: int) -> list[Tag]:
    """Return tags in use that begin with, or are nearly, what was typed or its words; an old name finds the
    new.
    """
    parts = folded(text[:QUERY_CHARACTERS]).split()[:WORDS]
    words = [word[:40] for word in dict.fromkeys(["-".join(parts), *parts]) if len(word) > 1]
    if not words:
        return []
    values = {
        "whole": words[0],
        "words": words,
        "begins": [f"{_literal(word)}%" for word in words],
        "limit": limit,
    }
    return list(Tag.objects.raw(_TAGS, values))


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
