"""Every authored Markdown body, and what people did with it. Number 1 opens the thread."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.thread import POSTS_PER_PAGE, Thread, _actor, _timestamp
from profiles.models import Profile
from profiles.permissions import is_moderator


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, viewer: Profile | None) -> PostQuerySet:
        """Posts `viewer` may read: hidden ones only for moderators and their author, deleted ones for
        moderators.
        """
        if is_moderator(viewer):
            return self
        return self.on_page_of(viewer).filter(thread__in=Thread.objects.visible_to(viewer))

    def on_page_of(self, viewer: Profile | None) -> PostQuerySet:
        """Posts `viewer` may read of a thread whose page opens for them:

        `visible_to` without asking for the thread again.
        """
        if is_moderator(viewer):
            return self
        posts = self.filter(deleted_at=None)
        return posts.filter(Q(hidden_at=None) | Q(author=viewer)) if viewer else posts.filter(hidden_at=None)

    def shown(self) -> PostQuerySet:
        """Posts that count: neither hidden nor deleted."""
        return self.filter(hidden_at=None, deleted_at=None)


class BodyFormat(models.TextChoices):
    MARKDOWN = "md", _("Markdown")
    HTML = "html", _("HTML, imported")


class Post(models.Model):
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField(
        editable=False, help_text=_("Place in the thread, from 1; never reused.")
    )
    author = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="posts")
    body = models.TextField(help_text=_("As stored: mentions keep the profile's id."))
    body_format = models.CharField(
        max_length=4, choices=BodyFormat.choices, default=BodyFormat.MARKDOWN, editable=False
    )
    body_html = models.TextField(editable=False)
    renderer_version = models.PositiveSmallIntegerField(default=0, editable=False)
    reply_to = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    edited_at, edited_by = _timestamp(), _actor()
    hidden_at, hidden_by = _timestamp(), _actor()
    deleted_at, deleted_by = _timestamp(), _actor()
    held_at = (
        _timestamp()
    )  # waits for review: hidden as well, so that whatever leaves hidden posts out leaves it out
    held_for = models.JSONField(
        null=True, blank=True, editable=False, help_text=_("What it is (kind) and why it waits.")
    )
    vote_count = models.IntegerField(default=0, editable=False, help_text=_("Votes and the imported score."))
    imported_score = models.IntegerField(
        default=0, editable=False, help_text=_("Votes an import could not name a voter for.")
    )
    is_comment = models.BooleanField(
        default=False, editable=False, help_text=_("Was a comment where it came from.")
    )
    by_team = models.BooleanField(
        default=False, editable=False, help_text=_("The author was on a team when writing it.")
    )
    import_key = models.CharField(max_length=120, null=True, blank=True, unique=True, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_number_once"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=False) | Q(held_at=None), name="post_held_is_hidden"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at", "-id"], name="post_by_author"),
            models.Index(fields=["held_at", "id"], condition=Q(held_at__isnull=False), name="post_held"),
        ]

    def __str__(self) -> str:
        return f"Post {self.pk}"

    @property
    def page(self) -> int:
        """The page of the thread this post stands on, from 1: replies 2 to 21 are page 1."""
        return max(0, self.number - 2) // POSTS_PER_PAGE + 1

    @property
    def anchor(self) -> str:
        return f"post-{self.pk}"

    def get_absolute_url(self) -> str:
        """The permalink: works whatever page the post moves to."""
        asked = ["duplicate=1"] if self.thread.merged_into_id else []
        asked += [f"page={self.page}"] if self.page > 1 else []
        page = f"?{'&'.join(asked)}" if asked else ""
        return f"/questions/{self.thread.slug}/{page}#{self.anchor}"


class Vote(models.Model):
    """+1 on somebody else's post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="votes")
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="votes")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "profile"], name="vote_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} for {self.post_id}"


class Revision(models.Model):
    """What a post said (and, for the opening post, its subject and tags) before an edit."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    subject = models.CharField(max_length=200, blank=True)
    tag_names = models.JSONField(null=True, blank=True)
    author = models.ForeignKey(
        Profile,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who wrote this version."),
    )
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, help_text=_("When this version was written."))
    redacted_at, redacted_by = _timestamp(), _actor()  # its text was removed for good

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"Revision {self.number} of {self.post_id}"


class Mention(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mentions")
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="mentions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "profile"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} in {self.post_id}"


class ThreadReference(models.Model):
    """A post names another thread (#12), or an import knew of the link."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="references")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="referenced_by")
    kind = models.CharField(
        max_length=12,
        default="mention",
        choices=[("mention", _("named")), ("linked", _("linked")), ("duplicate", _("duplicate"))],
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "thread", "kind"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.thread_id}"
