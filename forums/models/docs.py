"""Which topic a question from a docs page lands in, and where pages have moved."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forums.models.topic import Topic

HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?")  # as in an address: a port only where it isn't the usual one


class DocsRule(models.Model):
    """A part of the docs, by the beginning of its paths or by its section's name, and the topic of its
    questions.
    """

    host = models.CharField(
        _("host"), max_length=253, blank=True, default="", db_default="",
        help_text=_("For example docs.example.com. Leave empty for every site."),
    )  # fmt: skip

    prefix = models.CharField(
        _("path starts with"),
        max_length=300,
        blank=True,
        help_text=_("/docs/install covers that page and all pages below it."),
    )
    section = models.CharField(
        _("or section"),
        max_length=100,
        blank=True,
        help_text=_("The section attribute of the element, when no path matches."),
    )
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    listed = models.BooleanField(
        _("listed in the forum"),
        default=True,
        help_text=_("If not, its questions appear only under their page."),
    )
    edit_template = models.CharField(
        _("URL to edit a page"),
        max_length=300,
        blank=True,
        help_text=_("{path} is replaced by the page’s path."),
    )

    class Meta:
        verbose_name = _("docs rule")
        verbose_name_plural = _("docs rules")
        ordering = ["host", "prefix", "section"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "prefix"], condition=~Q(prefix=""), name="docs_rule_prefix_once"
            ),
            models.UniqueConstraint(
                fields=["host", "section"], condition=Q(prefix=""), name="docs_rule_section_once"
            ),
            models.CheckConstraint(condition=~Q(prefix="", section=""), name="docs_rule_of_something"),
        ]

    def __str__(self) -> str:
        return (
            self.host + self.prefix
            if self.prefix
            else f"{self.section} ({self.host})"
            if self.host
            else self.section
        )

    def clean(self) -> None:
        self.prefix, self.section = self.prefix.strip(), self.section.strip()
        self.host = self.host.strip().lower()
        if self.host and not HOST.fullmatch(self.host):
            raise ValidationError(
                {"host": _("Enter only the host, such as docs.example.com, without https:// and path.")}
            )
        if not (self.prefix or self.section):
            raise ValidationError(_("Enter the start of a path, or a section."))
        if self.prefix:
            if not self.prefix.startswith("/"):
                raise ValidationError({"prefix": _("A path starts with a slash.")})
            self.prefix = self.prefix.rstrip("/") or "/"
        if self.edit_template and not self.edit_template.startswith("https://"):
            raise ValidationError({"edit_template": _("Start the URL with https://.")})


class PageMove(models.Model):
    """A page that has a new URL; its questions went with it."""

    old_url = models.URLField(_("old URL"), max_length=500, unique=True)
    new_url = models.URLField(_("new URL"), max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("moved page")
        verbose_name_plural = _("moved pages")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["new_url"], name="page_move_new_url")]

    def __str__(self) -> str:
        return self.old_url
