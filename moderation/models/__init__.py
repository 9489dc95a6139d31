"""Reports, the ladder and merges. Foreign keys have no way back from what they point to, so no public page can reach them."""

from moderation.models.merge import Merge
from moderation.models.reports import Case, Outcome, Report, Reporter, SealRequest
from moderation.models.sanctions import BANS, Appeal, AppealOutcome, Content, Effect, Evidence, Kind, NoContact, Sanction

__all__ = [
    "BANS",
    "Appeal",
    "AppealOutcome",
    "Case",
    "Content",
    "Effect",
    "Evidence",
    "Kind",
    "Merge",
    "NoContact",
    "Outcome",
    "Report",
    "Reporter",
    "Sanction",
    "SealRequest",
]  # fmt: skip
