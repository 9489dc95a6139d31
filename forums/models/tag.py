"""Public tags."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    name = models.SlugField(max_length=40, unique=True)
    description = models.CharField(max_length=200, blank=True)
    thread_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


class TagAlias(models.Model):
    """A name a tag had before it was renamed or merged: old addresses redirect."""

    name = models.SlugField(max_length=40, unique=True)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name = _("old tag name")
        verbose_name_plural = _("old tag names")

    def __str__(self) -> str:
        return f"{self.name} → {self.tag}"
