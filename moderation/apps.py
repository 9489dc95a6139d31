from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from forums import gate
        from moderation import header, notifications, restraints, withdrawals
        from moderation.queries import panel
        from moderation.spam import check
        from profiles import restrictions

        restrictions.register_check(restraints.why_not_post)
        restrictions.register_distance(restraints.kept_apart)
        restrictions.register_door(restraints.appeal_door)
        header.add_parts()
        notifications.add_kinds()
        withdrawals.register_withdrawal(withdrawals.VOTES)
        panel.register()
        gate.add_gate(check.check, check.keep)
