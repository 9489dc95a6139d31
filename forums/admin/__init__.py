"""The forum in Django admin. Threads and posts are in moderation's admin."""

from forums.admin.docs import DocsRuleAdmin, PageMoveAdmin
from forums.admin.resolutions import ResolutionAdmin
from forums.admin.search_report import DeflectionAdmin, SearchMissAdmin
from forums.admin.topics import TagAdmin, TopicAdmin, TopicGroupAdmin, UploadAdmin

__all__ = [
    "DeflectionAdmin",
    "DocsRuleAdmin",
    "PageMoveAdmin",
    "ResolutionAdmin",
    "SearchMissAdmin",
    "TagAdmin",
    "TopicAdmin",
    "TopicGroupAdmin",
    "UploadAdmin",
]
