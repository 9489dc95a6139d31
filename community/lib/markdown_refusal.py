"""Why a body is refused, in the writer's words."""

from __future__ import annotations

from enum import Enum

from community.lib.phrases import later as _
from community.lib.phrases import say


class Refusal(Enum):
    TOO_LONG = _("Shorten your text to %(limit)s characters (now %(length)s).")
    TANGLED = _("Your text is nested too deeply to be shown. Put code between lines of ``` and try again.")
    TOO_SLOW = _("Your text takes too long to format. Put code and logs between lines of ``` and try again.")
    BUSY = _("Many texts are being formatted right now. Try again in a moment.")


class BodyRefused(ValueError):  # noqa: N818
    """A body that will not be shown; its `str` is a sentence for whoever wrote it."""

    def __init__(self, reason: Refusal, **facts: int) -> None:
        super().__init__(reason, facts)
        self.reason, self.facts = reason, facts

    def __str__(self) -> str:
        return say(self.reason.value, **self.facts)
