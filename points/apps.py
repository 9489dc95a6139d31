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
        from points.views import points_tab
        from profiles.changes import on_change
        from profiles.tabs import Tab, add_tab

        post_migrate.connect(open_system_accounts, sender=self)
        add_tab(Tab("points", _("Points"), "points/tab.html", points_tab, is_open=may_see_points, place=30))
        triggers.register_own()
        on_change(lambda profile_id: check(profile_id, triggers.BIO_WRITTEN, triggers.PROFILE_COMPLETED))
