"""A conversation: subject, topic, state, counters. Its texts are posts."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.topic import Topic
from profiles.models import Profile
from profiles.permissions import is_moderator

SUBJECT_LIMIT = 200
TAGS_LIMIT = 5
POSTS_PER_PAGE = 20
LISTED = Q(archived_at=None, hidden_at=None, deleted_at=None, merged_into=None, page_only=False)


class State(models.TextChoices):
    """The filters of a list. Unsolved includes unanswered: both have no solution.

    Waiting are the questions nobody answered, and those whose asker answered “Not yet” to “Did this solve
    it?”.
    """

    UNANSWERED = "unanswered", _("Unanswered")
    UNSOLVED = "unsolved", _("Unsolved")
    SOLVED = "solved", _("Solved")
    WAITING = "waiting", _("Needs the team")


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, viewer: Profile | None) -> ThreadQuerySet:
        """Threads whose page opens for `viewer`: hidden and deleted ones only for moderators and their
        author.
        """
        if is_moderator(viewer):
            return self
        shown = Q(hidden_at=None, deleted_at=None)
        return self.filter(shown | Q(author=viewer, deleted_at=None)) if viewer else self.filter(shown)

    def listed(self) -> ThreadQuerySet:
        """Threads that stand in lists, feeds and search; the same for everybody."""
        return self.filter(is_listed=True)

    def unanswered(self) -> ThreadQuerySet:
        """Listed questions with no visible reply by anyone but the asker."""
        return self.filter(is_listed=True, is_question=True, helper_reply_count=0)

    def waiting_for_team(self) -> ThreadQuerySet:
        """Listed questions nobody has answered, or whose asker said that the answers do not solve it."""
        waits = Q(helper_reply_count=0) | Q(not_solved_at__isnull=False)
        return self.filter(waits, is_listed=True, is_question=True, solution=None)

    def unsolved(self) -> ThreadQuerySet:
        return self.filter(is_listed=True, is_question=True, solution=None)

    def solved(self) -> ThreadQuerySet:
        return self.filter(is_listed=True, is_question=True, solution__isnull=False)

    def in_state(self, state: str) -> ThreadQuerySet:
        by_state = {
            State.UNANSWERED: self.unanswered, State.UNSOLVED: self.unsolved, State.SOLVED: self.solved,
            State.WAITING: self.waiting_for_team,
        }  # fmt: skip
        return by_state[State(state)]()


def _timestamp(**options: Any) -> models.DateTimeField:
    return models.DateTimeField(null=True, blank=True, editable=False, **options)


def _actor() -> models.ForeignKey:
    return models.ForeignKey(
        "profiles.Profile", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )


class Thread(models.Model):
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="threads")
    author = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="threads")
    subject = models.CharField(max_length=SUBJECT_LIMIT)
    slug = models.SlugField(max_length=120, unique=True, help_text=_("The permalink; old ones redirect."))
    tags = models.ManyToManyField("forums.Tag", related_name="threads", blank=True)
    # The names again, sorted, so that a list needs no query for them.
    tag_names = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    docs_page = models.URLField(max_length=500, blank=True)
    page_only = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Appears under its docs page, not in the forum's lists."),
    )
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = _timestamp()

    # State is a timestamp and an actor.
    archived_at, archived_by = _timestamp(), _actor()
    locked_at, locked_by = _timestamp(), _actor()
    pinned_at, pinned_by = _timestamp(), _actor()
    hidden_at, hidden_by = _timestamp(), _actor()
    deleted_at, deleted_by = _timestamp(), _actor()
    # Why a thread is hidden: it waits for review, or is confidential. Both need `hidden_at`, so that
    # whatever leaves hidden threads out leaves these out too.
    held_at = _timestamp()
    private_at, private_by = _timestamp(), _actor()
    solution = models.ForeignKey(
        "forums.Post", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    solved_at, solved_by = _timestamp(), _actor()
    # The solution a thread had when it was moved to a topic without solutions, for the way back. Its points
    # stay.
    kept_solution = models.ForeignKey(
        "forums.Post", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    not_solved_at = (
        _timestamp()
    )  # the asker said so; until a helper replies again, the team has the next word

    # Counters and sort keys, written in the transaction of what they count.
    is_question = models.BooleanField(
        default=True, editable=False, help_text=_("Copy of the topic's solutions_enabled.")
    )
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    comment_count = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Imported comments among the replies.")
    )
    helper_reply_count = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Visible replies by others than the asker.")
    )
    vote_count = models.IntegerField(default=0, editable=False, help_text=_("Of the opening post."))
    me_too_count = models.PositiveIntegerField(default=0, editable=False)
    last_number = models.PositiveIntegerField(
        default=1, editable=False, help_text=_("Number given to the newest post.")
    )
    last_activity_at = models.DateTimeField(default=timezone.now, editable=False)
    hot_score = models.FloatField(default=0, editable=False)
    first_reply_at = _timestamp()
    first_team_reply_at = _timestamp()
    participant_ids = ArrayField(
        models.BigIntegerField(),
        default=list,
        editable=False,
        help_text=_("Asker, then the latest who replied; at most five."),
    )
    is_listed = models.GeneratedField(
        expression=models.Case(models.When(LISTED, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    import_key = models.CharField(max_length=120, null=True, blank=True, unique=True, editable=False)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=False) | Q(held_at=None, private_at=None),
                name="thread_held_is_hidden",
            )
        ]
        indexes = [
            models.Index(
                fields=["-last_activity_at", "-id"], condition=Q(is_listed=True), name="thread_active"
            ),
            models.Index(fields=["-created_at", "-id"], condition=Q(is_listed=True), name="thread_latest"),
            models.Index(fields=["-hot_score", "-id"], condition=Q(is_listed=True), name="thread_popular"),
            models.Index(
                fields=["topic", "-last_activity_at", "-id"],
                condition=Q(is_listed=True),
                name="thread_topic_active",
            ),
            models.Index(
                fields=["topic", "-created_at", "-id"],
                condition=Q(is_listed=True),
                name="thread_topic_latest",
            ),
            models.Index(
                fields=["topic", "-hot_score", "-id"],
                condition=Q(is_listed=True),
                name="thread_topic_popular",
            ),
            models.Index(
                fields=["topic", "-last_activity_at", "-id"],
                condition=Q(is_listed=True, is_question=True, helper_reply_count=0),
                name="thread_unanswered",
            ),
            models.Index(
                fields=["topic", "-last_activity_at", "-id"],
                condition=Q(is_listed=True, is_question=True, solution=None),
                name="thread_unsolved",
            ),
            models.Index(
                fields=["topic", "-pinned_at"],
                condition=Q(is_listed=True, pinned_at__isnull=False),
                name="thread_pinned",
            ),
            models.Index(fields=["author", "-created_at", "-id"], name="thread_by_author"),
            GinIndex(fields=["tag_names"], condition=Q(is_listed=True), name="thread_tag_names"),
            models.Index(fields=["docs_page"], condition=~Q(docs_page=""), name="thread_docs_page"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return f"/questions/{self.slug}/"

    @property
    def is_solved(self) -> bool:
        return self.solution_id is not None

    @property
    def answer_count(self) -> int:
        """Replies that are answers: imported comments are counted apart."""
        return self.reply_count - self.comment_count


class ThreadSlug(models.Model):
    """A permalink the thread had before its subject changed: it redirects for ever."""

    slug = models.SlugField(max_length=120, unique=True)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="old_slugs")

    def __str__(self) -> str:
        return self.slug
