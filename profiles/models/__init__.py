"""Users are private, profiles are public: two rows, so no public query reaches an address."""

from profiles.models.account import AccountDeletion, DataExport, ImportedAddress
from profiles.models.champion import Cohort, Nomination
from profiles.models.keys import ApiKey, IdempotencyRecord
from profiles.models.profile import Profile, ProfileQuerySet
from profiles.models.team import Team, TeamMembership
from profiles.models.user import Role, User

__all__ = [
    "AccountDeletion", "ApiKey", "Cohort", "DataExport", "IdempotencyRecord", "ImportedAddress", "Nomination", "Profile",
    "ProfileQuerySet", "Role", "Team", "TeamMembership", "User",
]  # fmt: skip
