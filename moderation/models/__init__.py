"""Reports, sanctions, merges, spam. Their foreign keys have no reverse accessors, so no public page can reach them."""

from moderation.models.merge import Merge
from moderation.models.reports import Complaint, Outcome, Report, Reporter, RevealRequest
from moderation.models.sanctions import (
    BANS,
    Appeal,
    AppealOutcome,
    Content,
    Effect,
    Evidence,
    Kind,
    NoContact,
    Sanction,
)
from moderation.models.spam import Assessment, Decision, FilterMode, SpamFilter, SpamToken

__all__ = [
    "BANS",
    "Appeal",
    "AppealOutcome",
    "Assessment",
    "Complaint",
    "Content",
    "Decision",
    "Effect",
    "Evidence",
    "FilterMode",
    "Kind",
    "Merge",
    "NoContact",
    "Outcome",
    "Report",
    "Reporter",
    "RevealRequest",
    "Sanction",
    "SpamFilter",
    "SpamToken",
]  # fmt: skip
