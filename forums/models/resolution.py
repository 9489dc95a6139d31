"""Each time an asker was asked whether their thread is solved."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.post import Post
from forums.models.thread import Thread


class ResolutionAnswer(models.TextChoices):
    SOLVED = "solved", _("Yes")
    NOT_YET = "not-yet", _("Not yet")


class Resolution(models.Model):
    """The question “Did this solve it?”, put to the asker after a helper's reply.

    An open one stands on the page.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="resolutions")
    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="+", help_text=_("The helper's newest reply then.")
    )
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=8, blank=True, choices=ResolutionAnswer.choices)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("question whether it is solved")
        verbose_name_plural = _("questions whether it is solved")
        constraints = [models.UniqueConstraint(fields=["thread", "post"], name="resolution_once")]
        indexes = [models.Index(fields=["thread"], condition=Q(answered_at=None), name="resolution_open")]

    def __str__(self) -> str:
        return f"{self.thread_id} after {self.post_id}"
