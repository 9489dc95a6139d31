"""Text on its way to being posted: nothing typed is ever lost."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.thread import Thread
from profiles.models import Profile


class Draft(models.Model):
    """What a member has typed and not posted. `key` is `ask` or `thread:<id>`."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    topic_slug = models.CharField(max_length=80, blank=True)
    tags = models.CharField(max_length=250, blank=True)
    body = models.TextField(blank=True)
    docs_page = models.CharField(max_length=500, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-updated_at"]
        constraints = [models.UniqueConstraint(fields=["profile", "key"], name="draft_once")]

    def __str__(self) -> str:
        return self.key


class PendingPost(models.Model):
    """A guest's question or reply, kept while they sign in or up.

    The browser holds the token, we its digest.
    """

    digest = models.CharField(max_length=64, unique=True)
    thread = models.ForeignKey(Thread, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    topic_slug = models.CharField(max_length=80, blank=True)
    tags = models.CharField(max_length=250, blank=True)
    body = models.TextField()
    docs_page = models.CharField(max_length=500, blank=True)
    private = models.BooleanField(default=False, db_default=False)
    trapped = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("The form’s trap was filled in, or it was sent too fast."),
    )
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    claimed_by = models.ForeignKey(Profile, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    posted = models.ForeignKey(
        "forums.Post", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("pending post")

    def __str__(self) -> str:
        return f"Pending {self.pk}"
