"""What people write, as the API shows it and reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from community.lib import markdown
from forums.models import Post, Thread, TopicDelivery
from forums.models.thread import State
from forums.queries.lists import SORTS
from profiles.api.serializers import AUTHOR, AuthorSerializer, absolute
from profiles.models import Profile

URL = {"type": "string", "format": "uri"}
THREAD = {
    "id": 12,
    "permalink": "kettle-does-not-boil",
    "url": "https://community.example.com/questions/kettle-does-not-boil/",
    "subject": "Kettle does not boil",
    "topic": "kettles",
    "tags": ["heating"],
    "author": AUTHOR,
    "created_at": "2026-11-20T09:12:00Z",
    "last_activity_at": "2026-11-20T10:00:00Z",
    "reply_count": 1,
    "vote_count": 3,
    "solution": 98,
    "archived": False,
    "locked": False,
    "pinned": False,
    "hidden": False,
    "posts_url": "https://community.example.com/api/v1/threads/12/posts/",
    "docs_page": "",
}
POST = {
    "id": 98,
    "thread": 12,
    "number": 2,
    "author": AUTHOR,
    "body": "Switch it **on**.",
    "body_html": "<p>Switch it <strong>on</strong>.</p>",
    "created_at": "2026-11-20T10:00:00Z",
    "edited_at": None,
    "vote_count": 1,
    "is_solution": True,
    "url": "https://community.example.com/questions/kettle-does-not-boil/#post-98",
    "hidden": False,
    "deleted": False,
    "reply_to": None,
}


class GroupSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "topic",
            value={
                "slug": "kettles",
                "name": "Kettles",
                "description": "Boiling water.",
                "group": {"slug": "kitchen", "name": "Kitchen"},
                "solutions_enabled": True,
                "thread_count": 40,
                "subscription": "digest",
            },
        )
    ]
)
class TopicSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    group = GroupSerializer()
    solutions_enabled = serializers.BooleanField()
    thread_count = serializers.IntegerField()
    subscription = serializers.SerializerMethodField(help_text="What the bell of this topic sends you.")

    @extend_schema_field(serializers.ChoiceField(choices=TopicDelivery.choices))
    def get_subscription(self, topic: Any) -> str:
        return str(self.context["subscriptions"].get(topic.pk, TopicDelivery.NONE.value))


class DeliverySerializer(serializers.Serializer[Any]):
    delivery = serializers.ChoiceField(choices=TopicDelivery.choices)


@extend_schema_serializer(examples=[OpenApiExample("thread", value=THREAD)])
class ThreadSerializer(serializers.Serializer[Thread]):
    id = serializers.IntegerField()
    permalink = serializers.CharField(source="slug")
    url = serializers.SerializerMethodField()
    subject = serializers.CharField()
    topic = serializers.CharField(source="topic.slug", help_text="The topic's slug.")
    tags = serializers.ListField(child=serializers.CharField(), source="tag_names")
    author = AuthorSerializer()
    created_at = serializers.DateTimeField()
    last_activity_at = serializers.DateTimeField()
    reply_count = serializers.IntegerField()
    vote_count = serializers.IntegerField()
    solution = serializers.IntegerField(
        source="solution_id", allow_null=True, help_text="Id of the post marked as the solution."
    )
    archived = serializers.SerializerMethodField()
    locked = serializers.SerializerMethodField()
    pinned = serializers.SerializerMethodField()
    hidden = serializers.SerializerMethodField()
    held = serializers.SerializerMethodField(
        help_text="Waits for review: its author and the moderators see it."
    )
    private = serializers.SerializerMethodField(help_text="Confidential: for its author and the team.")
    merged_into = serializers.IntegerField(
        source="merged_into_id", allow_null=True, help_text="Id of the thread it is a duplicate of."
    )
    posts_url = serializers.SerializerMethodField()
    docs_page = serializers.CharField(help_text="Address of the page it was asked on, or empty.")

    @extend_schema_field(URL)
    def get_url(self, thread: Thread) -> str:
        return absolute(thread.get_absolute_url())

    def get_archived(self, thread: Thread) -> bool:
        return thread.archived_at is not None

    def get_locked(self, thread: Thread) -> bool:
        return thread.locked_at is not None

    def get_pinned(self, thread: Thread) -> bool:
        return thread.pinned_at is not None

    def get_hidden(self, thread: Thread) -> bool:
        return thread.hidden_at is not None

    def get_held(self, thread: Thread) -> bool:
        return thread.held_at is not None

    def get_private(self, thread: Thread) -> bool:
        return thread.private_at is not None

    @extend_schema_field(URL)
    def get_posts_url(self, thread: Thread) -> str:
        return str(
            reverse("api:thread-posts", kwargs={"thread_id": thread.pk}, request=self.context["request"])
        )


@extend_schema_serializer(examples=[OpenApiExample("post", value=POST)])
class PostSerializer(serializers.Serializer[Post]):
    id = serializers.IntegerField()
    thread = serializers.IntegerField(source="thread_id")
    number = serializers.IntegerField(help_text="Place in the thread, from 1: the first post opens it.")
    author = AuthorSerializer()
    body = serializers.SerializerMethodField(help_text="Markdown as its writer typed it.")
    body_html = serializers.CharField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    vote_count = serializers.IntegerField()
    is_solution = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    hidden = serializers.SerializerMethodField()
    held = serializers.SerializerMethodField(
        help_text="Waits for review: its author and the moderators see it."
    )
    deleted = serializers.SerializerMethodField()
    reply_to = serializers.IntegerField(source="reply_to_id", allow_null=True)

    def get_body(self, post: Post) -> str:
        return markdown.decode_references(post.body, self.context["handles"])

    def get_is_solution(self, post: Post) -> bool:
        return post.thread.solution_id == post.pk

    @extend_schema_field(URL)
    def get_url(self, post: Post) -> str:
        return absolute(post.get_absolute_url())

    def get_hidden(self, post: Post) -> bool:
        return post.hidden_at is not None

    def get_held(self, post: Post) -> bool:
        return post.held_at is not None

    def get_deleted(self, post: Post) -> bool:
        return post.deleted_at is not None


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "revision",
            value={
                "number": 1,
                "author": AUTHOR,
                "body": "Switch it on.",
                "redacted": False,
                "subject": "",
                "tags": None,
                "reason": "",
                "created_at": "2026-11-20T10:00:00Z",
            },
        )
    ]
)
class RevisionSerializer(serializers.Serializer[Any]):
    """What a post said before an edit."""

    number = serializers.IntegerField()
    author = AuthorSerializer(allow_null=True, help_text="Who wrote this version.")
    body = serializers.SerializerMethodField(help_text="Empty when it was removed.")
    redacted = serializers.SerializerMethodField(help_text="Its text was removed for good.")
    subject = serializers.CharField(help_text="Of the thread, when this is its first post.")
    tags = serializers.ListField(child=serializers.CharField(), source="tag_names", allow_null=True)
    reason = serializers.CharField(help_text="Why it was edited.")
    created_at = serializers.DateTimeField(help_text="When this version was written.")

    def get_redacted(self, revision: Any) -> bool:
        return revision.redacted_at is not None

    def get_body(self, revision: Any) -> str:
        return markdown.decode_references(revision.body, self.context["handles"])


class ThreadQuerySerializer(serializers.Serializer[Any]):
    topic = serializers.CharField(required=False, max_length=80, help_text="A topic's slug.")
    tag = serializers.CharField(required=False, max_length=40)
    state = serializers.ChoiceField(required=False, choices=State.choices)
    sort = serializers.ChoiceField(required=False, choices=list(SORTS), default="latest")
    author = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="A profile's id."
    )
    docs_page = serializers.CharField(
        required=False, max_length=500, help_text="Address of the page they were asked on."
    )


class TagsField(serializers.ListField):
    child = serializers.CharField(max_length=100)


class BodyField(serializers.CharField):
    """Markdown. Its limit, and what cannot be rendered, are the action's to refuse."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "ask",
            value={
                "subject": "Kettle does not boil",
                "topic": "kettles",
                "body": "I pressed the **button**.",
                "tags": ["heating"],
            },
        )
    ]
)
class AskSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField(max_length=1000)
    topic = serializers.CharField(max_length=80, help_text="A topic's slug.")
    body = BodyField(help_text="Markdown, at most 30,000 characters.")
    tags = TagsField(required=False, default=list, help_text="At most five.")
    docs_page = serializers.URLField(required=False, allow_blank=True, default="", max_length=500)
    private = serializers.BooleanField(
        required=False, default=False, help_text="Confidential: for you and the team."
    )


class ThreadEditSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField(required=False, max_length=1000)
    tags = TagsField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


@extend_schema_serializer(examples=[OpenApiExample("reply", value={"body": "Switch it **on**."})])
class ReplySerializer(serializers.Serializer[Any]):
    body = BodyField(help_text="Markdown, at most 30,000 characters.")
    reply_to = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Id of the post it answers to.",
    )


class PostEditSerializer(serializers.Serializer[Any]):
    body = BodyField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


@extend_schema_serializer(examples=[OpenApiExample("solution", value={"post": 98})])
class SolutionSerializer(serializers.Serializer[Any]):
    post = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class VotesSerializer(serializers.Serializer[Any]):
    vote_count = serializers.IntegerField()


class SubscribedSerializer(serializers.Serializer[Any]):
    subscribed = serializers.BooleanField()


class BodySerializer(serializers.Serializer[Any]):
    body = BodyField()


class BodyHtmlSerializer(serializers.Serializer[Any]):
    body_html = serializers.CharField()


class UploadFormSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="PNG, JPEG, WebP, GIF or AVIF.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "upload",
            value={
                "id": 5,
                "url": "https://community.example.com/media/uploads/x.webp",
                "width": 800,
                "height": 600,
                "markdown": "![kettle](/media/uploads/x.webp)",
            },
        )
    ]
)
class UploadSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    url = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    markdown = serializers.CharField(help_text="What to write into a body to show it.")


class TagSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    description = serializers.CharField()
    thread_count = serializers.IntegerField()


class TagQuerySerializer(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, max_length=40, help_text="How the name begins.")


class DraftSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="`ask`, or `thread:` and a thread's id.")
    subject = serializers.CharField()
    topic = serializers.CharField(source="topic_slug")
    tags = serializers.SerializerMethodField()
    body = serializers.CharField()
    docs_page = serializers.CharField()
    updated_at = serializers.DateTimeField()

    def get_tags(self, draft: Any) -> list[str]:
        return draft.tags.replace(",", " ").split()  # type: ignore[no-any-return]


class DraftFormSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField(required=False, allow_blank=True, default="")
    topic = serializers.CharField(required=False, allow_blank=True, default="")
    tags = TagsField(required=False, default=list)
    body = BodyField(required=False, allow_blank=True, default="")
    docs_page = serializers.CharField(required=False, allow_blank=True, default="")


def threads_data(threads: Iterable[Thread], request: Request) -> list[Any]:
    """Return threads as the API shows them; they come with topic, author and team."""
    return list(ThreadSerializer(threads, many=True, context={"request": request}).data)


def posts_data(posts: Sequence[Post]) -> list[Any]:
    """Return posts as the API shows them; they come with thread, author and team. At most one query."""
    return list(PostSerializer(posts, many=True, context={"handles": handles_in(posts)}).data)


def revisions_data(revisions: Sequence[Any]) -> list[Any]:
    """Return revisions as the API shows them. At most one query."""
    return list(RevisionSerializer(revisions, many=True, context={"handles": handles_in(revisions)}).data)


def handles_in(texts: Iterable[Any]) -> dict[int, str]:
    """Return the handles, by profile id, of everybody these bodies mention: a query only when somebody is."""
    ids = {profile_id for text in texts for profile_id in markdown.find_reference_ids(text.body)[0]}
    return dict(Profile.objects.filter(pk__in=ids).values_list("pk", "handle")) if ids else {}
