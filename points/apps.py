from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = _("Points and rewards")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from points import triggers
        from points.actions.awards import check
        from points.permissions import may_see_points
        from points.policy import open_system_accounts
        from points.queries.achievements import achievements_of
        from points.views.achievements import achievements_tab
        from points.views.rewards import points_tab
        from profiles.api import facts
        from profiles.changes import on_change
        from profiles.tabs import Tab, add_tab

        post_migrate.connect(open_system_accounts, sender=self)
        add_tab(Tab("achievements", _("Achievements"), "points/achievements_tab.html", achievements_tab, place=20))
        add_tab(Tab("points", _("Points"), "points/tab.html", points_tab, is_open=may_see_points, place=30))
        triggers.register_own()
        on_change(lambda profile_id: check(profile_id, triggers.BIO_WRITTEN, triggers.PROFILE_COMPLETED))
        facts.register(achievements=achievements_of)
