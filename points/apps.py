from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = _("Points and rewards")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from points.policy import open_system_accounts

        post_migrate.connect(open_system_accounts, sender=self)
