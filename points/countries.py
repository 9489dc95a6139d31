"""The format of postcodes, where it is simple."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# Only countries whose postcodes are digits: a wrong rule would block an order.
POSTCODE_DIGITS = dict.fromkeys(("DE", "FR", "ES", "IT", "FI"), 5) | dict.fromkeys(
    ("AT", "CH", "BE", "DK", "NO", "AU"), 4
)


def postcode_refusal(country: str, postcode: str) -> str | None:
    """Return what is wrong with a postcode, or None. Not every country has them."""
    digits = POSTCODE_DIGITS.get(country)
    if digits is None or re.fullmatch(rf"(?:{country}?-)?[0-9]{{{digits}}}", postcode.replace(" ", "")):
        return None
    return _("Enter a postcode of %(count)d digits.") % {"count": digits}
