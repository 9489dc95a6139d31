from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from forums.demo.chapters import CHAPTERS
        from forums.gate import GATES
        from forums.mailboxes import MAILBOXES
        from moderation import (  # noqa: F401
            active_sanctions,
            alerts,
            demo_reports,
            demo_review,
            header,
            notifications,
            report_verbs,
            verbs,
        )
        from moderation.actions import mailed_reports
        from moderation.navigation import add_links
        from moderation.privacy import erase_moderation_traces, moderation_parts
        from moderation.queries import panel
        from moderation.spam import check, limits
        from profiles.hooks import hooks
        from profiles.registries import ERASERS, EXPORTERS

        hooks.why_not_post = active_sanctions.why_not_post
        hooks.no_contacts = active_sanctions.no_contacts
        hooks.suspension_page = active_sanctions.appeal_page_of
        hooks.ended_session_page = active_sanctions.appeal_page_of_session
        MAILBOXES.add("reports", (mailed_reports.conduct_address, mailed_reports.take_report))
        CHAPTERS.add("reports", demo_reports.seed_reports)
        CHAPTERS.add("review", demo_review.seed_review)
        header.add_parts()
        notifications.add_kinds()
        alerts.add_kinds()
        panel.register()
        add_links()
        hooks.hides_links = limits.holds_links
        GATES.add("spam", (check.check, check.keep))
        GATES.add("notify", (check.pass_all, check.notify_when_held))
        ERASERS.add("moderation", erase_moderation_traces)
        EXPORTERS.add("moderation", moderation_parts)
