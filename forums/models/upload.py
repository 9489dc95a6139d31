"""Pictures people put into posts."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models import Profile


class Upload(models.Model):
    """A re-encoded image under a random name. Unattached ones are swept."""

    owner = models.ForeignKey(Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    guest_digest = models.CharField(
        max_length=64, blank=True, help_text=_("Digest of a guest's token, until they sign in.")
    )
    name = models.CharField(
        max_length=120,
        unique=True,
        help_text=_("Storage name under uploads/: random, with the true extension."),
    )
    content_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text=_("Bytes of the picture and its thumbnails."))
    sha256 = models.CharField(max_length=64, db_index=True)
    thumbnail_widths = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    posts = models.ManyToManyField("forums.Post", related_name="uploads", blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [models.Index(fields=["owner", "-created_at"], name="upload_by_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"{settings.MEDIA_URL}uploads/{self.name}"
