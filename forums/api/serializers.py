"""Threads, posts and what belongs to writing them, as the API returns and reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework.request import Request
from rest_framework.reverse import reverse
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateTimeField,
    FileField,
    IntegerField,
    ListField,
    Serializer,
    SerializerMethodField,
    URLField,
)

from community.api.fields import IdField, IsSet, SiteUrl
from community.lib import markdown
from forums.models import Post, Thread, TopicDelivery
from forums.models.thread import State
from forums.queries.lists import SORTS
from profiles.api.serializers import AUTHOR, AuthorSerializer
from profiles.models import Profile

QUESTION = {
    "subject": "Kettle does not boil", "topic": "kettles", "tags": ["heating"],
    "body": "I pressed the **button**.",
}  # fmt: skip
THREAD = {
    "id": 12, "permalink": "kettle-does-not-boil", "subject": "Kettle does not boil", "topic": "kettles",
    "url": "https://community.example.com/questions/kettle-does-not-boil/", "tags": ["heating"],
    "author": AUTHOR, "created_at": "2026-11-20T09:12:00Z", "last_activity_at": "2026-11-20T10:00:00Z",
    "reply_count": 1, "vote_count": 3, "solution": 98, "archived": False, "locked": False, "pinned": False,
    "hidden": False, "posts_url": "https://community.example.com/api/v1/threads/12/posts/", "docs_page": "",
}  # fmt: skip
POST = {
    "id": 98, "thread": 12, "number": 2, "author": AUTHOR, "body": "Switch it **on**.",
    "body_html": "<p>Switch it <strong>on</strong>.</p>", "created_at": "2026-11-20T10:00:00Z",
    "edited_at": None, "vote_count": 1, "is_solution": True, "hidden": False, "deleted": False,
    "url": "https://community.example.com/questions/kettle-does-not-boil/#post-98", "reply_to": None,
}  # fmt: skip
AWAITING = "Awaiting approval: visible to its author and moderators."


class GroupSerializer(Serializer[Any]):
    slug = CharField()
    name = CharField()


class TopicSerializer(Serializer[Any]):
    slug = CharField()
    name = CharField()
    description = CharField()
    group = GroupSerializer()
    solutions_enabled = BooleanField()
    thread_count = IntegerField()
    subscription = SerializerMethodField(help_text="The e-mails you get for following this topic.")

    @extend_schema_field(ChoiceField(choices=TopicDelivery.choices))
    def get_subscription(self, topic: Any) -> str:
        return str(self.context["subscriptions"].get(topic.pk, TopicDelivery.NONE.value))


class DeliverySerializer(Serializer[Any]):
    delivery = ChoiceField(choices=TopicDelivery.choices)


@extend_schema_serializer(examples=[OpenApiExample("thread", value=THREAD)])
class ThreadSerializer(Serializer[Thread]):
    id = IntegerField()
    permalink = CharField(source="slug")
    url = SiteUrl()
    subject = CharField()
    topic = CharField(source="topic.slug", help_text="Slug of the topic.")
    tags = ListField(child=CharField(), source="tag_names")
    author = AuthorSerializer()
    created_at = DateTimeField()
    last_activity_at = DateTimeField()
    reply_count = IntegerField()
    vote_count = IntegerField()
    solution = IntegerField(source="solution_id", allow_null=True, help_text="Id of the solution's post.")
    archived = IsSet("archived_at")
    locked = IsSet("locked_at")
    pinned = IsSet("pinned_at")
    hidden = IsSet("hidden_at")
    held = IsSet("held_at", help_text=AWAITING)
    private = IsSet("private_at", help_text="Private: visible to its author and the team.")
    merged_into = IntegerField(
        source="merged_into_id", allow_null=True, help_text="Id of the thread it was merged into."
    )
    posts_url = SerializerMethodField()
    docs_page = CharField(help_text="URL of the docs page it was asked on, or empty.")

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_posts_url(self, thread: Thread) -> str:
        return reverse("api:thread-posts", [thread.pk], request=self.context["request"])


class WithBodySerializer(Serializer[Any]):
    """Markdown with mentions as the author typed them."""

    def get_body(self, row: Any) -> str:
        return markdown.decode_references(row.body, self.context["handles"])


@extend_schema_serializer(examples=[OpenApiExample("post", value=POST)])
class PostSerializer(WithBodySerializer):
    id = IntegerField()
    thread = IntegerField(source="thread_id")
    number = IntegerField(help_text="Position in the thread; post 1 opens it.")
    author = AuthorSerializer()
    body = SerializerMethodField(help_text="Markdown as the author typed it.")
    body_html = CharField()
    created_at = DateTimeField()
    edited_at = DateTimeField(allow_null=True)
    vote_count = IntegerField()
    is_solution = SerializerMethodField()
    url = SiteUrl()
    hidden = IsSet("hidden_at")
    held = IsSet("held_at", help_text=AWAITING)
    deleted = IsSet("deleted_at")
    reply_to = IntegerField(source="reply_to_id", allow_null=True)

    def get_is_solution(self, post: Post) -> bool:
        return post.thread.solution_id == post.pk


class RevisionSerializer(WithBodySerializer):
    """An earlier version of a post."""

    number = IntegerField()
    author = AuthorSerializer(allow_null=True, help_text="Who wrote this version.")
    body = SerializerMethodField(help_text="Empty if the text was removed.")
    redacted = IsSet("redacted_at", help_text="Whether the text was removed permanently.")
    subject = CharField(help_text="Subject of the thread, if this is its first post.")
    tags = ListField(child=CharField(), source="tag_names", allow_null=True)
    reason = CharField(help_text="Reason for the edit.")
    created_at = DateTimeField(help_text="When this version was written.")


class ThreadQuerySerializer(Serializer[Any]):
    topic = CharField(required=False, max_length=80, help_text="Slug of a topic.")
    tag = CharField(required=False, max_length=40)
    state = ChoiceField(required=False, choices=State.choices)
    sort = ChoiceField(required=False, choices=list(SORTS), default="latest")
    author = IdField(required=False, help_text="Id of a profile.")
    docs_page = CharField(required=False, max_length=500, help_text="URL of a docs page.")


class TagsField(ListField):
    child = CharField(max_length=100)


class BodyField(CharField):
    """Markdown. The actions refuse what is too long or cannot be rendered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)


@extend_schema_serializer(examples=[OpenApiExample("ask", value=QUESTION)])
class AskSerializer(Serializer[Any]):
    subject = CharField(max_length=1000)
    topic = CharField(max_length=80, help_text="Slug of a topic.")
    body = BodyField(help_text="Markdown, at most 30,000 characters.")
    tags = TagsField(required=False, default=list, help_text="At most five.")
    docs_page = URLField(required=False, allow_blank=True, default="", max_length=500)
    private = BooleanField(required=False, default=False, help_text="Private: visible to you and the team.")


class ThreadEditSerializer(Serializer[Any]):
    subject = CharField(required=False, max_length=1000)
    tags = TagsField(required=False)
    reason = CharField(required=False, allow_blank=True, max_length=200)


class ReplySerializer(Serializer[Any]):
    body = BodyField(help_text="Markdown, at most 30,000 characters.")
    reply_to = IdField(required=False, allow_null=True, help_text="Id of the post this replies to.")


class PostEditSerializer(Serializer[Any]):
    body = BodyField()
    reason = CharField(required=False, allow_blank=True, max_length=200)


class SolutionSerializer(Serializer[Any]):
    post = IdField()


class VotesSerializer(Serializer[Any]):
    vote_count = IntegerField()


class SubscribedSerializer(Serializer[Any]):
    subscribed = BooleanField()


class BodySerializer(Serializer[Any]):
    body = BodyField()


class BodyHtmlSerializer(Serializer[Any]):
    body_html = CharField()


class UploadFormSerializer(Serializer[Any]):
    file = FileField(help_text="PNG, JPEG, WebP, GIF or AVIF.")


class UploadSerializer(Serializer[Any]):
    id = IntegerField()
    url = URLField()
    width = IntegerField()
    height = IntegerField()
    markdown = CharField(help_text="Markdown that shows the image in a body.")


class TagSerializer(Serializer[Any]):
    name = CharField()
    description = CharField()
    thread_count = IntegerField()


class TagQuerySerializer(Serializer[Any]):
    q = CharField(required=False, max_length=40, help_text="Start of the name.")


class DraftFormSerializer(Serializer[Any]):
    subject = CharField(required=False, allow_blank=True, default="")
    topic = CharField(required=False, allow_blank=True, default="")
    tags = TagsField(required=False, default=list)
    body = BodyField(required=False, allow_blank=True, default="")
    docs_page = CharField(required=False, allow_blank=True, default="")


class DraftSerializer(Serializer[Any]):
    key = CharField(help_text="`ask`, or `thread:` and the id of a thread.")
    subject = CharField()
    topic = CharField(source="topic_slug")
    tags = SerializerMethodField()
    body = CharField()
    docs_page = CharField()
    updated_at = DateTimeField()

    def get_tags(self, draft: Any) -> list[str]:
        return draft.tags.replace(",", " ").split()  # type: ignore[no-any-return]


def threads_data(threads: Iterable[Thread], request: Request) -> list[Any]:
    """Return threads as the API shows them; they come with topic, author and team."""
    return list(ThreadSerializer(threads, many=True, context={"request": request}).data)


def posts_data(posts: Sequence[Post]) -> list[Any]:
    """Return posts as the API shows them; they come with thread, author and team. At most one query."""
    return list(PostSerializer(posts, many=True, context={"handles": handles_in(posts)}).data)


def revisions_data(revisions: Sequence[Any]) -> list[Any]:
    """Return revisions as the API shows them. At most one query."""
    return list(RevisionSerializer(revisions, many=True, context={"handles": handles_in(revisions)}).data)


def handles_in(rows: Iterable[Any]) -> dict[int, str]:
    """Return the handles, by profile id, of everyone mentioned in the bodies. At most one query."""
    ids = {profile_id for row in rows for profile_id in markdown.find_reference_ids(row.body)[0]}
    return dict(Profile.objects.filter(pk__in=ids).values_list("pk", "handle")) if ids else {}
