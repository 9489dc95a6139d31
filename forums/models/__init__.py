"""Topics, threads, posts and what people do with them."""

from forums.models.docs import DocsRule, PageMove
from forums.models.draft import Draft, PendingPost
from forums.models.move import ReplyMove
from forums.models.post import Mention, Post, Revision, ThreadReference, Vote
from forums.models.received import ReceivedMail
from forums.models.resolution import Resolution, ResolutionAnswer
from forums.models.search import Deflection, PostIndex, RelatedThreads, SearchMiss, ThreadIndex
from forums.models.subscription import MeToo, ThreadRead, ThreadSubscription, TopicDelivery, TopicSubscription
from forums.models.tag import Tag, TagAlias
from forums.models.thread import Thread, ThreadQuerySet, ThreadSlug
from forums.models.topic import Topic, TopicGroup
from forums.models.upload import Upload

__all__ = [
    "Deflection", "DocsRule", "Draft", "MeToo", "Mention", "PageMove", "PendingPost", "Post", "PostIndex",
    "ReceivedMail", "RelatedThreads", "ReplyMove", "Resolution", "ResolutionAnswer", "Revision",
    "SearchMiss", "Tag", "TagAlias", "Thread", "ThreadIndex", "ThreadQuerySet", "ThreadRead", "ThreadReference", "ThreadSlug",
    "ThreadSubscription", "Topic", "TopicDelivery", "TopicGroup", "TopicSubscription", "Upload", "Vote",
]  # fmt: skip
