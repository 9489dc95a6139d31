from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForumsConfig(AppConfig):
    name = "forums"
    verbose_name = _("Forum")

    def ready(self) -> None:
        from anymail.signals import inbound

        from forums import notifications
        from forums.achievements import register_triggers
        from forums.actions.publishing import FOLLOWERS
        from forums.announcements import announce_post
        from forums.mail_events import take_in
        from forums.metrics import register_metrics
        from forums.navigation import add_links
        from forums.patterns import register_patterns
        from forums.privacy import erase_forum_traces, forum_parts
        from forums.queries.discussions import discussions
        from forums.views.compose import post_on_arrival
        from forums.views.subscriptions import follow_on_arrival
        from profiles.hooks import hooks
        from profiles.registries import AFTER_SIGN_IN, ERASERS, EXPORTERS, ProfilePart, add_tab

        inbound.connect(take_in, dispatch_uid="forums.take_in")
        AFTER_SIGN_IN.add("post", post_on_arrival)
        AFTER_SIGN_IN.add("follow", follow_on_arrival)
        register_metrics()
        register_triggers()
        register_patterns()
        notifications.register()
        add_links()
        FOLLOWERS.add("notifications", notifications.notify_new_post)
        FOLLOWERS.add("announcements", announce_post)
        hooks.reply_address = notifications.reply_address_of
        add_tab(
            ProfilePart(
                "discussions",
                "forums/discussions.html",
                lambda request, who: discussions(who, request.viewer),
                label=_("Discussions"),
            ),
            place=10,
        )
        ERASERS.add("forums", erase_forum_traces)
        EXPORTERS.add("forums", forum_parts)
