"""Free text that moderators and reporters write: plain, bounded, shown escaped and never rendered as Markdown."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forums.bodies import clean_text
from profiles.names import TURNING

NOTE_LIMIT, EXPLANATION_LIMIT, REASON_LIMIT, APPEAL_LIMIT = 1000, 4000, 500, 4000


def clean(text: str, field: str, limit: int, *, required: bool = False) -> str:
    """Return `text` without invisible or direction-changing characters. Raises ValidationError({field: sentence})."""
    kept = "".join(char for char in clean_text(text) if char not in TURNING).strip()
    if required and not any(char.isalnum() for char in kept):
        raise ValidationError({field: _("Enter some text here.")})
    if len(kept) > limit:
        sentence = ngettext(
            "Shorten this to %(count)d character.", "Shorten this to %(count)d characters.", limit
        )
        raise ValidationError({field: sentence % {"count": limit}})
    return kept
