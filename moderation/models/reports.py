"""Reports: one for each reported post, thread or profile, one complaint per person, and who complained in a row of its own."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.rules import CHOICES, title_of
from profiles.models import Profile
from profiles.permissions import is_moderator

SOON = timedelta(hours=4)


class Outcome(models.TextChoices):
    KEPT = "kept", _("Dismissed")
    HIDDEN = "hidden", _("Upheld, hidden")
    UPHELD = "upheld", _("Upheld, not hidden")
    SANCTIONED = "sanctioned", _("Sanction given")


# What closes a report without a sanction.
DECISIONS = [(one.value, one.label) for one in (Outcome.KEPT, Outcome.HIDDEN, Outcome.UPHELD)]
UPHELD = frozenset({Outcome.HIDDEN, Outcome.UPHELD, Outcome.SANCTIONED})


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, viewer: Profile | None) -> ReportQuerySet:
        """Return reports for moderators, without those about the viewer."""
        if viewer is None or not is_moderator(viewer):
            return self.none()
        return self.exclude(subject=viewer)

    def open(self) -> ReportQuerySet:
        return self.filter(decided_at=None)


class Report(models.Model):
    """A reported post, thread or profile until it is decided. Reported again after that, it is a new report."""

    source_key = models.CharField(_("target"), max_length=80, help_text=_("Kind and id, such as post:12."))
    title = models.CharField(_("title"), max_length=200, help_text=_("As it was when first reported."))
    url = models.CharField(_("URL"), max_length=300, blank=True)
    excerpt = models.TextField(_("text"), blank=True, help_text=_("As it was when first reported."))
    subject = models.ForeignKey(
        Profile, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("author")
    )
    rule = models.CharField(
        _("rule"),
        max_length=12,
        blank=True,
        choices=CHOICES,
        db_column="clause",
        help_text=_("As first reported."),
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    report_count = models.PositiveIntegerField(_("reporters"), default=0)
    weight = models.FloatField(
        default=0, help_text=_("Sum of the reporters’ weights: how often their earlier reports were upheld.")
    )
    hidden_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When reports hid it until a moderator decides.")
    )
    claimed_by = models.ForeignKey(
        Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=12, blank=True, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When reporters and author were notified.")
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        db_table = "moderation_case"
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"], condition=Q(decided_at=None), name="case_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(decided_at=None), name="case_open_by_clock"),
            models.Index(
                fields=["-decided_at", "-id"], condition=Q(decided_at__isnull=False), name="case_decided"
            ),
            models.Index(
                fields=["decided_at"], condition=Q(told_at=None, decided_at__isnull=False), name="case_untold"
            ),
            models.Index(fields=["source_key", "-id"], name="case_by_source"),
            models.Index(fields=["subject", "-id"], name="case_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_title}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"/moderation/reports/{self.pk}/"

    @property
    def kind(self) -> str:
        return self.source_key.partition(":")[0]

    @property
    def rule_title(self) -> str:
        return title_of(self.rule)

    @property
    def urgency(self) -> str:
        """How the clock looks: late, soon, or nothing."""
        left = self.due_at - timezone.now()
        return "late" if left <= timedelta(0) else "soon" if left <= SOON else ""

    @property
    def is_late(self) -> bool:
        return self.urgency == "late"

    @property
    def claim_holds(self) -> bool:
        return (
            self.claimed_by_id is not None
            and self.claimed_until is not None
            and self.claimed_until > timezone.now()
        )


class Complaint(models.Model):
    """What one person said in a report. Only `Reporter` says who it was."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="complaints", db_column="case_id"
    )
    rule = models.CharField(_("rule"), max_length=12, blank=True, choices=CHOICES, db_column="clause")
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    weight = models.FloatField(default=0)
    in_good_standing = models.BooleanField(default=False, help_text=_("Counts towards hiding the post."))
    message_id = models.CharField(
        max_length=250, null=True, blank=True, unique=True, help_text=_("Of the e-mail it came by.")
    )

    class Meta:
        db_table = "moderation_report"
        ordering = ["id"]
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [models.Index(fields=["report", "id"], name="report_by_case")]

    def __str__(self) -> str:
        return f"Complaint {self.pk}"


class Reporter(models.Model):
    """Who reported. Two moderators together can see it, which is logged and told to the reporter."""

    complaint = models.OneToOneField(
        Complaint, primary_key=True, on_delete=models.CASCADE, related_name="reporter", db_column="report_id"
    )
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+", db_column="case_id")
    profile = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField(blank=True)
    network = models.CharField(
        max_length=64, blank=True, help_text=_("Keyed digest of the network it came from.")
    )

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        constraints = [
            models.UniqueConstraint(fields=["report", "profile"], name="reporter_once"),
        ]

    def __str__(self) -> str:
        return f"Reporter of {self.complaint_id}"


class RevealRequest(models.Model):
    """A moderator’s request to see who reported; another moderator grants it."""

    report = models.OneToOneField(
        Report, on_delete=models.CASCADE, related_name="reveal_request", db_column="case_id"
    )
    asked_by = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField()
    opened_by = models.ForeignKey(Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "moderation_sealrequest"
        verbose_name = _("request to see the reporters")
        verbose_name_plural = _("requests to see the reporters")

    def __str__(self) -> str:
        return f"Reporters of {self.report_id}"
