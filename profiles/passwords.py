"""Which passwords are too easy to guess on this site."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from community.lib.lookalikes import skeleton

REST = 6


class SiteNameValidator:
    """Refuse passwords that hold little else than the name of the site."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when fewer than `REST` letters stay once the site's name and digits are taken out."""
        site, typed = "".join(skeleton(settings.SITE_NAME)), "".join(skeleton(password))
        rest = typed.replace(site, "") if site else typed
        if rest != typed and sum(char.isalpha() for char in rest) < REST:
            raise ValidationError(
                _("Choose a password that doesn’t contain the name of this site."), code="site_name"
            )

    def get_help_text(self) -> str:
        return _("Your password can’t contain the name of this site.")
