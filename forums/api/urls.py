"""Routes of topics, threads, posts and writing."""

from __future__ import annotations

from django.urls import path, register_converter

from community.api import converters  # noqa: F401  (registers <id:...>)
from forums.api.drafts import DraftItem, DraftList
from forums.api.embed import EmbedThreads
from forums.api.posts import PostItem, PostRevision, PostRevisions, PostVote, Preview, ThreadPosts
from forums.api.search import SearchList, SimilarThreads
from forums.api.threads import ProfileDiscussions, ThreadItem, ThreadList, ThreadSolution, ThreadSubscription
from forums.api.topics import TagList, TopicItem, TopicList, TopicSubscriptionView
from forums.api.uploads import Uploads


class DraftKey:
    """`ask`, or `thread:` and an id that fits its column."""

    regex = "ask|thread:[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DraftKey, "draft_key")

urlpatterns = [
    path("topics/", TopicList.as_view(), name="topic-list"),
    path("topics/<slug:slug>/", TopicItem.as_view(), name="topic-show"),
    path("topics/<slug:slug>/subscription/", TopicSubscriptionView.as_view(), name="topic-subscribe"),
    path("threads/", ThreadList.as_view(), name="thread-list"),
    path("threads/similar/", SimilarThreads.as_view(), name="thread-similar"),
    path("search/", SearchList.as_view(), name="search-list"),
    path("threads/<id:thread_id>/", ThreadItem.as_view(), name="thread-show"),
    path("threads/<id:thread_id>/posts/", ThreadPosts.as_view(), name="thread-posts"),
    path("threads/<id:thread_id>/solution/", ThreadSolution.as_view(), name="thread-solve"),
    path("threads/<id:thread_id>/subscription/", ThreadSubscription.as_view(), name="thread-subscribe"),
    path("posts/<id:post_id>/", PostItem.as_view(), name="post-show"),
    path("posts/<id:post_id>/vote/", PostVote.as_view(), name="post-vote"),
    path("posts/<id:post_id>/revisions/", PostRevisions.as_view(), name="post-revisions"),
    path("posts/<id:post_id>/revisions/<id:number>/", PostRevision.as_view(), name="post-redact"),
    path("preview/", Preview.as_view(), name="post-preview"),
    path("uploads/", Uploads.as_view(), name="upload-create"),
    path("profiles/<id:profile_id>/discussions/", ProfileDiscussions.as_view(), name="profile-discussions"),
    path("embed/threads/", EmbedThreads.as_view(), name="embed-threads"),
    path("tags/", TagList.as_view(), name="tag-list"),
    path("drafts/", DraftList.as_view(), name="draft-list"),
    path("drafts/<draft_key:key>/", DraftItem.as_view(), name="draft-show"),
]
