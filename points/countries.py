"""What postcodes look like where that is simple to say."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# Only where the rule is one of digits: a rule that is wrong keeps a parcel from somebody.
POSTCODE_DIGITS = {
    "DE": 5,
    "FR": 5,
    "ES": 5,
    "IT": 5,
    "AT": 4,
    "CH": 4,
    "BE": 4,
    "DK": 4,
    "NO": 4,
    "AU": 4,
    "FI": 5,
}


def postcode_refusal(country: str, postcode: str) -> str | None:
    """Return what is wrong with a postcode, or None: not every country has them."""
    digits = POSTCODE_DIGITS.get(country)
    if digits is None or re.fullmatch(rf"(?:{country}?-)?[0-9]{{{digits}}}", postcode.replace(" ", "")):
        return None
    return _("Postcodes there have %(count)d digits.") % {"count": digits}
