"""The links of people's own pages in the menus."""

from django.utils.translation import gettext_lazy as _

from community.lib.navigation import Link, add_link
from profiles.models import Profile
from profiles.permissions import MODERATORS


def has_moderator_role(viewer: Profile) -> bool:
    """Also before the second factor is set up: the first privileged page then asks for it."""
    return viewer.role in MODERATORS


def add_links() -> None:
    add_link("user", Link("notifications", _("Notifications"), "notification-list", "bell"), place=20)
    add_link("user", Link("profile", _("Your profile"), Profile.get_absolute_url, "user"), place=30)
    add_link("user", Link("settings", _("Settings"), "settings-profile", "key"), place=70)
    add_link("user", Link("admin", _("Admin"), "admin:index", "shield", has_moderator_role), place=100)
