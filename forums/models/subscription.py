"""What a member has read and follows, and “I have this too”."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.thread import Thread
from forums.models.topic import Topic
from profiles.models import Profile


class ThreadRead(models.Model):
    """The newest post number of a thread this member has seen."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "thread"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} read {self.thread_id} to {self.number}"


class ThreadSubscription(models.Model):
    """A member follows a thread.

    With `muted_at` they unfollowed it, and nothing follows it for them again.
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="subscriptions")
    created_at = models.DateTimeField(default=timezone.now)
    muted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "thread"], name="thread_subscription_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} on {self.thread_id}"


class TopicDelivery(models.TextChoices):
    NONE = "none", _("Not following")
    DIGEST = "digest", _("Daily digest")
    EACH = "each", _("Every post")


class TopicSubscription(models.Model):
    """How a member follows a topic. Every post is for moderators and up."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="subscriptions")
    delivery = models.CharField(max_length=6, choices=TopicDelivery.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "topic"], name="topic_subscription_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} on {self.topic_id}: {self.delivery}"


class MeToo(models.Model):
    """“I have this too” on a question."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="me_toos")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "thread"], name="me_too_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} has {self.thread_id}"
