"""The forum's links in the menus."""

from django.utils.translation import gettext_lazy as _

from community.lib.navigation import Link, add_link


def add_links() -> None:
    add_link("top_bar", Link("home", _("Home"), "home", "home"), place=10)
    add_link("top_bar", Link("questions", _("Forum"), "question-list", "message"), place=20)
    add_link("user", Link("dashboard", _("Dashboard"), "dashboard-detail", "home"), place=10)
    add_link("user", Link("drafts", _("Drafts"), "draft-list", "pencil"), place=60)
