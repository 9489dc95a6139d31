"""Replies that a moderator moved to another thread."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.post import Post
from forums.models.thread import Thread
from profiles.models import Profile


class ReplyMove(models.Model):
    """What moved from `source` to `into`, and what undoing it needs to know."""

    source = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="+")
    first_post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    is_split = models.BooleanField(default=False, help_text=_("`into` was created for these replies."))
    post_ids = ArrayField(models.BigIntegerField(), default=list)
    numbers = ArrayField(
        models.PositiveIntegerField(), default=list, help_text=_("In `source`, in the order of post_ids.")
    )
    last_number = models.PositiveIntegerField(default=0, help_text=_("Of `into`, before."))
    subscription_ids = ArrayField(models.BigIntegerField(), default=list)
    # The solution of `source`, if it moved.
    solution = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+")
    solved_at = models.DateTimeField(null=True)
    solved_by = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("move of replies")
        verbose_name_plural = _("moves of replies")
        indexes = [
            models.Index(fields=["source"], condition=Q(undone_at=None), name="reply_move_source"),
            models.Index(fields=["into"], condition=Q(undone_at=None), name="reply_move_into"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} to {self.into_id}"
