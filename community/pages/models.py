"""The site's own pages, their revisions, and readers' opinions of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Page(models.Model):
    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("The page’s URL: /pages/<slug>/.")
    )
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), help_text=_("Markdown."))
    body_html = models.TextField(editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)
    updated_by_id = models.BigIntegerField(
        _("updated by"),
        null=True,
        editable=False,
        help_text=_("Id of the profile. Empty for the text Hearth comes with."),
    )

    class Meta:
        ordering = ["title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/pages/{self.slug}/"


class PageOpinion(models.Model):
    """Whether a reader found a page useful. `voice`: a profile’s id, or a keyed digest of a guest’s network."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="opinions")
    voice = models.CharField(max_length=64)
    useful = models.BooleanField(_("useful"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        verbose_name = _("opinion on a page")
        verbose_name_plural = _("opinions on pages")
        constraints = [models.UniqueConstraint(fields=["page", "voice"], name="page_opinion_once")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.useful}"


class PageRevision(models.Model):
    """The text of a page from `created_at` until the next revision."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"))
    author_id = models.BigIntegerField(
        _("author"), null=True, help_text=_("Id of the profile. Empty for the text Hearth comes with.")
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="page_revision_once")]

    def __str__(self) -> str:
        return f"{self.page_id} v{self.number}"
