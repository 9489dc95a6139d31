"""What people reported: a case for each thing, a report for each complaint, and who complained in a sealed side row."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.clauses import CHOICES, title_of
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


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, viewer: Profile | None) -> CaseQuerySet:
        """Cases for moderators, but nobody reads the case about themselves."""
        if viewer is None or not is_moderator(viewer):
            return self.none()
        return self.exclude(subject=viewer)

    def open(self) -> CaseQuerySet:
        return self.filter(decided_at=None)


class Case(models.Model):
    """One reported thing until it is decided. Its clock runs from the first report; reported again, it is a new case."""

    source_key = models.CharField(_("about"), max_length=80, help_text=_("Kind and id, such as post:12."))
    title = models.CharField(
        _("title"), max_length=200, help_text=_("What it was called when it was reported.")
    )
    url = models.CharField(_("address"), max_length=300, blank=True)
    excerpt = models.TextField(_("what it said"), blank=True, help_text=_("As it was when first reported."))
    subject = models.ForeignKey(
        Profile, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("reported person")
    )
    clause = models.CharField(
        _("rule"), max_length=12, blank=True, choices=CHOICES, help_text=_("Of the first report.")
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    due_at = models.DateTimeField(_("answer until"))
    report_count = models.PositiveIntegerField(_("reports"), default=0)
    weight = models.FloatField(
        default=0, help_text=_("Sum of the reports’ weights: how much those who reported were right before.")
    )
    hidden_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When three reporters had it hidden until review.")
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
        null=True, blank=True, help_text=_("When those concerned were written to.")
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported thing")
        verbose_name_plural = _("reported things")
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
        return f"{self.title_of_clause}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"/moderation/reports/{self.pk}/"

    @property
    def kind(self) -> str:
        return self.source_key.partition(":")[0]

    @property
    def title_of_clause(self) -> str:
        return title_of(self.clause)

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


class Report(models.Model):
    """One complaint. Who made it stands in `Reporter`, and only there."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    clause = models.CharField(_("rule"), max_length=12, blank=True, choices=CHOICES)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    weight = models.FloatField(default=0)
    in_good_standing = models.BooleanField(default=False, help_text=_("Counts towards hiding until review."))
    message_id = models.CharField(
        max_length=250, null=True, blank=True, unique=True, help_text=_("Of the mail it came by.")
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [models.Index(fields=["case", "id"], name="report_by_case")]

    def __str__(self) -> str:
        return f"Report {self.pk}"


class Reporter(models.Model):
    """Who reported: sealed. Opened by two moderators together, which is logged and told to the reporter."""

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.CASCADE, related_name="reporter")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    profile = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField(blank=True)
    network = models.CharField(
        max_length=64, blank=True, help_text=_("Keyed digest of the network it came from.")
    )

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        constraints = [
            models.UniqueConstraint(fields=["case", "profile"], name="reporter_once"),
        ]

    def __str__(self) -> str:
        return f"Reporter of {self.report_id}"


class SealRequest(models.Model):
    """A moderator asks to know who reported; another one opens the seal."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="seal_request")
    asked_by = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField()
    opened_by = models.ForeignKey(Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request to open a seal")
        verbose_name_plural = _("requests to open seals")

    def __str__(self) -> str:
        return f"Seal of {self.case_id}"
