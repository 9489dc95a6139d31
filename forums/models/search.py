"""What search reads: words of posts and threads, kept in the transaction of the write, and what was looked
for in vain.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.post import Post
from forums.models.thread import Thread
from profiles.models import Profile


class PostIndex(models.Model):
    """The words of one post. A thread's words are put together from these."""

    post = models.OneToOneField(
        Post, primary_key=True, db_column="id", on_delete=models.CASCADE, related_name="+"
    )
    vector = SearchVectorField()

    def __str__(self) -> str:
        return f"Words of post {self.post_id}"


class ThreadIndex(models.Model):
    """The words of a thread: subject (A), tags and solution (B), question (C), replies (D).

    What is listed, its thread says.
    """

    thread = models.OneToOneField(
        Thread, primary_key=True, db_column="id", on_delete=models.CASCADE, related_name="+"
    )
    subject = models.TextField(help_text=_("In lower case and without accents, for trigrams."))
    head = SearchVectorField(help_text=_("Subject and tags alone."))
    vector = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="thread_words"),
            GinIndex(fields=["subject"], opclasses=["gin_trgm_ops"], name="thread_subject_trgm"),
        ]

    def __str__(self) -> str:
        return f"Words of thread {self.thread_id}"


class RelatedThreads(models.Model):
    """Threads like this one, worked out in the background. Which of them are shown, they say themselves."""

    thread = models.OneToOneField(
        Thread, primary_key=True, db_column="id", on_delete=models.CASCADE, related_name="+"
    )
    ids = ArrayField(models.BigIntegerField(), default=list)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [GinIndex(fields=["ids"], name="related_ids")]

    def __str__(self) -> str:
        return f"Threads like {self.thread_id}"


class SearchMiss(models.Model):
    """A search that found nothing, counted for those who write the docs. Nobody's name is kept."""

    words = models.CharField(max_length=100, unique=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-count", "-last_at"]
        indexes = [models.Index(fields=["-count", "-last_at"], name="search_miss_most")]
        verbose_name = _("search without results")
        verbose_name_plural = _("searches without results")

    def __str__(self) -> str:
        return self.words


class Deflection(models.Model):
    """Somebody about to ask said that a thread they were shown had solved it."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="deflections")
    profile = models.ForeignKey(Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("question already answered")
        verbose_name_plural = _("questions already answered")

    def __str__(self) -> str:
        return f"Deflected by {self.thread_id}"
