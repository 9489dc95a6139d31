"""What a merge added to the target thread, so that unmerging removes exactly that."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models import Thread
from profiles.models import Profile


def _ids() -> ArrayField:
    return ArrayField(models.BigIntegerField(), default=list, editable=False)


class Merge(models.Model):
    """`source` is a duplicate of `into`. Its own posts, votes and subscriptions stay; what they add to the other is listed."""

    source = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    vote_ids, subscription_ids, me_too_ids = _ids(), _ids(), _ids()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(undone_at=None), name="merge_once")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.into_id}"
