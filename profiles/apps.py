from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    name = "profiles"
    verbose_name = _("People")

    def ready(self) -> None:
        from anymail.signals import tracking
        from django.db.models.signals import post_migrate

        from profiles import receivers  # noqa: F401  (allauth's own signals, the only ones we use)
        from profiles.actions.champions import CHAMPION
        from profiles.groups import sync_groups
        from profiles.levels import settle_levels
        from profiles.mail.events import take_back
        from profiles.mail.metrics import register_metrics
        from profiles.mail.privacy import erase_mail_traces, mail_parts
        from profiles.mail.returns import STOPPED
        from profiles.mail.unsubscribe import Scope, add_scope, describe_kind, stop_kind
        from profiles.navigation import add_links
        from profiles.notifications import Kind, add_kind
        from profiles.privacy.account import account_parts, erase_account_traces
        from profiles.registries import ERASERS, EXPORTERS

        post_migrate.connect(sync_groups)
        post_migrate.connect(settle_levels, sender=self)
        add_scope("kind", Scope(describe_kind, stop_kind))
        register_metrics()
        add_links()
        ERASERS.add("profiles", erase_account_traces)
        ERASERS.add("mail", erase_mail_traces)
        EXPORTERS.add("profiles", account_parts)
        EXPORTERS.add("mail", mail_parts)
        add_kind(Kind(CHAMPION, _("Champion invitations"), fixed=True))
        add_kind(Kind(STOPPED, _("E-mail to you has stopped"), email=False, fixed=True))
        tracking.connect(take_back, dispatch_uid="profiles.take_back")
