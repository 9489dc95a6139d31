"""The links of points and achievements in the menus."""

from django.utils.translation import gettext_lazy as _

from community.lib.navigation import Link, add_link


def add_links() -> None:
    add_link("user", Link("achievements", _("Achievements"), "achievement-list", "trophy"), place=40)
    add_link("user", Link("points", _("Points and rewards"), "points-mine", "coin"), place=50)
    add_link("moderation", Link("points", _("Points"), "points-report"), place=70)
