"""Finding what a moderator names: by number, #number, permalink or whole address."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from forums.models import Thread, ThreadSlug
from profiles.models import Profile

_ADDRESS = re.compile(r"(?:^|/)questions/([-\w]+)")


def find_thread(named: str, viewer: Profile | None) -> Thread:
    """Return the thread `named`, if its page opens for `viewer`. Raises ValidationError({"into": sentence})."""
    word = named.strip().removeprefix("#")
    if found := _ADDRESS.search(word):
        word = found[1]
    threads = Thread.objects.visible_to(viewer)
    thread = None
    if word.isascii() and word.isdecimal() and len(word) < 18:
        thread = threads.filter(pk=int(word)).first()
    elif word and "\x00" not in word and len(word) <= 120:
        old = ThreadSlug.objects.filter(slug=word).values("thread")
        thread = threads.filter(slug=word).first() or threads.filter(pk__in=old).first()
    if thread is None:
        raise ValidationError({"into": _("There is no such thread. Give its number or its address.")})
    return thread
