"""Sentences of modules that also work where there is no Django: marked where they stand, translated when they are shown."""

from __future__ import annotations

import sys


def later(sentence: str) -> str:
    """Return `sentence` as it is; import as `_`, so that makemessages finds it."""
    return sentence


def say(sentence: str, **facts: int) -> str:
    """Return `sentence` in the reader's language if Django is set up, with the numbers of `facts` in their places."""
    conf = sys.modules.get("django.conf")
    if conf is not None and conf.settings.configured:
        from django.utils.translation import gettext

        sentence = gettext(sentence)
    return sentence % {name: f"{value:,}" for name, value in facts.items()} if facts else sentence
