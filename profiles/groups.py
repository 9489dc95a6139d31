"""What the group of moderators may touch in Django admin: a table, applied after every migration."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission

MODERATORS = "Moderators"
MODERATOR_PERMISSIONS = (
    "forums.view_thread", "forums.change_thread", "forums.view_post", "forums.change_post", "forums.view_revision",
    "forums.view_topic", "forums.view_topicgroup", "forums.view_tag", "forums.change_tag", "forums.delete_tag",
    "forums.view_tagalias", "forums.view_upload", "forums.view_searchmiss", "forums.view_deflection",
    "forums.view_docsrule", "forums.add_docsrule", "forums.change_docsrule", "forums.delete_docsrule",
    "forums.view_resolution", "forums.view_pagemove", "forums.add_pagemove",
    "profiles.view_profile", "profiles.view_team", "profiles.view_teammembership",
    "profiles.view_cohort", "profiles.view_nomination", "profiles.add_nomination",
    "points.view_reward", "points.view_redemption", "points.change_redemption", "points.view_order", "points.change_order",
    "points.view_transaction",
    "points.view_achievement", "points.view_achievementgroup", "points.view_award", "points.change_award", "points.view_awardrun",
    "points.view_gift", "points.add_gift", "points.view_giftcategory",
    "moderation.view_report", "moderation.change_report", "moderation.view_complaint", "moderation.view_sanction",
    "moderation.change_sanction", "moderation.view_appeal", "moderation.change_appeal", "moderation.view_evidence",
    "moderation.view_nocontact",
    "pages.view_page", "pages.change_page", "pages.view_pagerevision", "audit.view_logentry",
)  # fmt: skip


def sync_groups(**kwargs: Any) -> None:
    """Make the group hold exactly `MODERATOR_PERMISSIONS`.

    Those of apps not yet migrated come with their app.
    """
    group, _made = Group.objects.get_or_create(name=MODERATORS)
    codes = {tuple(name.split(".")) for name in MODERATOR_PERMISSIONS}
    every = Permission.objects.select_related("content_type").filter(
        codename__in={code for _app, code in codes}
    )
    group.permissions.set([one for one in every if (one.content_type.app_label, one.codename) in codes])
