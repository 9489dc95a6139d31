"""Moving a docs page: its questions go with it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community import pagecache
from community.audit import record
from forums.docs import BadPage, page_url
from forums.models import PageMove, Thread, Topic, TopicGroup
from profiles.models import Profile
from profiles.permissions import require_moderator


def standing(topic: Topic) -> Topic:
    """Return the topic of a page's questions, made with its group when it is Uncategorized and nobody needed
    it before.
    """
    if topic.pk:
        return topic
    group, _made = TopicGroup.objects.get_or_create(slug="docs", defaults={"name": _("Docs"), "position": 80})
    return Topic.objects.get_or_create(slug=topic.slug, defaults={"group": group, "name": topic.name})[0]


def move_page(actor: Profile | None, old: str, new: str) -> PageMove:
    """Note that a page has a new address, and take its questions there. Links to the old one keep working.

    Raises PermissionDenied, or ValidationError by field.
    """
    require_moderator(actor)
    assert actor is not None
    old_url, new_url = _clean("old_url", old), _clean("new_url", new)
    if old_url == new_url:
        raise ValidationError({"new_url": _("The new URL is the same as the old one.")})
    with transaction.atomic():
        # The new page is there now, whatever was noted of it; what led to the old one leads on.
        PageMove.objects.filter(old_url=new_url).delete()
        PageMove.objects.filter(new_url=old_url).update(new_url=new_url)
        move, _made = PageMove.objects.update_or_create(old_url=old_url, defaults={"new_url": new_url})
        slugs = list(
            Thread.objects.filter(docs_page=old_url).select_for_update().values_list("slug", flat=True)
        )
        Thread.objects.filter(docs_page=old_url).update(docs_page=new_url)
        record(
            "docs_page.moved",
            actor_id=actor.pk,
            target=f"pagemove:{move.pk}",
            before={"url": old_url},
            after={"url": new_url, "threads": len(slugs)},
        )
        pagecache.bump(pagecache.LISTS, *(pagecache.thread_part(slug) for slug in slugs))
    return move


def _clean(field: str, given: str) -> str:
    try:
        return page_url(given)
    except BadPage as refusal:
        raise ValidationError({field: str(refusal)}) from refusal
