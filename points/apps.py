from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What the application may do with the ledger and what proves it: add rows, and later say what became of them.
# A balance moves by trigger alone; the right to change an account's name, which another trigger refuses, is
# for row locks.
PRIVILEGES = {
    "points_transaction": "SELECT, INSERT",
    "points_entry": "SELECT, INSERT",
    "points_account": "SELECT, INSERT, UPDATE (name)",
    "points_transactiondetail": "SELECT, INSERT, DELETE, UPDATE (title, url)",
    "points_gift": "SELECT, INSERT",
    "points_award": "SELECT, INSERT, UPDATE (awarded_at, awarded_by_id, revoked_at, revoked_by_id, hidden_at)",
    "points_redemption": "SELECT, INSERT, UPDATE (fulfilled_at, fulfilled_by_id, refunded_at, refunded_by_id)",
}


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = _("Points and rewards")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from community.lib.roles import restrict
        from community.pages import parts
        from points import patterns, triggers
        from points.actions.awards import check
        from points.metrics import register_metrics
        from points.navigation import add_links
        from points.notifications import add_kinds
        from points.permissions import may_give_to, may_see_points
        from points.policy import offer_gift_categories, open_system_accounts
        from points.privacy import erase_points_traces, points_parts
        from points.queries.achievements import achievements_of
        from points.queries.ledger import balance_of
        from points.queries.policy import points_page
        from points.views.achievements import achievements_tab
        from points.views.gifts import gift_button
        from points.views.rewards import points_tab
        from profiles.hooks import hooks
        from profiles.registries import ERASERS, EXPORTERS, ProfilePart, add_header_part, add_tab

        post_migrate.connect(open_system_accounts, sender=self)
        post_migrate.connect(offer_gift_categories, sender=self)
        for table, privileges in PRIVILEGES.items():
            restrict(table, privileges)
        achievements = ProfilePart(
            "achievements", "points/achievements_tab.html", achievements_tab, label=_("Achievements")
        )
        add_tab(achievements, place=20)
        points = ProfilePart("points", "points/tab.html", points_tab, may_see_points, _("Points"))
        add_tab(points, place=30)
        gift = ProfilePart("gift", "points/fragments/gift_button.html", gift_button, may_give_to)
        add_header_part(gift, place=30)
        register_metrics()
        triggers.add_triggers()
        add_kinds()
        add_links()
        patterns.add_patterns()
        ERASERS.add("points", erase_points_traces)
        EXPORTERS.add("points", points_parts)
        parts.PARTS.add("points", parts.Part("points/policy.html", points_page))
        hooks.profile_changed = lambda profile_id: check(
            profile_id, triggers.BIO_WRITTEN, triggers.PROFILE_COMPLETED
        )
        hooks.achievements_of = achievements_of
        hooks.points_of = lambda profile: balance_of(profile.pk)
