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
        from profiles.arrivals import on_arrival
        from profiles.mail.emails import set_reply_address
        from profiles.privacy.erasure import register_eraser
        from profiles.privacy.exports import register_exporter
        from profiles.tabs import Tab, add_tab

        inbound.connect(take_in, dispatch_uid="forums.take_in")
        on_arrival(post_on_arrival)
        on_arrival(follow_on_arrival)
        register_metrics()
        register_triggers()
        register_patterns()
        notifications.register()
        add_links()
        FOLLOWERS.add("notifications", notifications.notify_new_post)
        FOLLOWERS.add("announcements", announce_post)
        set_reply_address(notifications.reply_address_of)
        add_tab(
            Tab(
                "discussions",
                _("Discussions"),
                "forums/discussions.html",
                lambda request, who: discussions(who, request.viewer),
                place=10,
            )
        )
        register_eraser(erase_forum_traces)
        register_exporter(forum_parts)
