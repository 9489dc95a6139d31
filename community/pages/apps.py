from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "community.pages"
    verbose_name = _("Pages of the site")

    def ready(self) -> None:
        post_migrate.connect(_seed, sender=self)


def _seed(**kwargs: Any) -> None:
    from community.pages.seed import ensure_site_pages

    ensure_site_pages()
