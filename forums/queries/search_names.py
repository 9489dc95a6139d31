"""People and tags by name, with typing mistakes forgiven."""

from __future__ import annotations

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q
from django.db.models.functions import Lower

from forums.models import Tag, TagAlias
from forums.words import QUERY_CHARACTERS, folded
from profiles.models import Profile

LOOKED_AT = 200


def people(text: str, viewer: Profile | None, *, limit: int) -> list[Profile]:
    """Return people whose name or handle holds, or is nearly, what was typed: the most alike first."""
    name = " ".join(text[:QUERY_CHARACTERS].replace("\x00", " ").lower().lstrip("@").split())
    if len(name) < 2:
        return []
    seen = Profile.objects.visible_to(viewer).alias(lower=Lower("name"), at=Lower("handle"))
    likely = seen.filter(Q(lower__contains=name) | Q(at__contains=name) | Q(lower__trigram_word_similar=name))
    ids = list(likely.values_list("pk", flat=True)[:LOOKED_AT])
    alike = TrigramWordSimilarity(name, Lower("name"))
    found = Profile.objects.visible_to(viewer).filter(pk__in=ids).select_related("team").annotate(alike=alike)
    return list(found.order_by("-alike", "-reputation", "pk")[:limit])


def tags(text: str, *, limit: int) -> list[Tag]:
    """Return tags in use that begin with, or are nearly, what was typed or its words; an old name finds the new."""
    words = [word for word in (folded(text[:QUERY_CHARACTERS]).replace(" ", "-"), *folded(text).split()[:8]) if len(word) > 1]
    if not words:
        return []
    wanted = Q(name__trigram_similar=words[0])
    for word in dict.fromkeys(words):
        wanted |= Q(name__startswith=word[:40])
    renamed = TagAlias.objects.filter(name__in=[word[:40] for word in words]).values("tag_id")
    return list(Tag.objects.filter(wanted | Q(pk__in=renamed), thread_count__gt=0).order_by("-thread_count", "name")[:limit])
